import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt } from "./columns";

// Sign-in tables in the shape that better-auth expects. They are the one exemption from tenancy: a person signs in before
// any organization is known, and may belong to several.
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique("users_email_once"),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique("sessions_token_once"),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("sessions_of_user").on(t.userId)],
);

export const credentials = pgTable(
  "credentials",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    issuer: text("issuer"),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: timestamp("access_token_expires_at", { withTimezone: true }),
    refreshTokenExpiresAt: timestamp("refresh_token_expires_at", { withTimezone: true }),
    scope: text("scope"),
    password: text("password"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("credentials_of_user").on(t.userId)],
);

export const verifications = pgTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("verifications_by_identifier").on(t.identifier)],
);

// What a signed-in person may be: an operator of an organization in one of its roles, or the user of one affiliate. Read at every sign-in,
// before the organization is known, which is why it stands here and not among the tenant tables.
export const memberships = pgTable(
  "memberships",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    organizationId: text("organization_id").notNull(),
    role: text("role", { enum: ["owner", "admin", "finance", "manager", "viewer", "affiliate"] }).notNull(),
    affiliateId: text("affiliate_id"),
    /** Kept when it ends: what its person once approved keeps a name. */
    endedAt: timestamp("ended_at", { withTimezone: true }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("memberships_once").on(t.userId, t.organizationId, t.role, t.affiliateId),
    // Nobody is two operators of one organization: which role would hold?
    uniqueIndex("memberships_one_role")
      .on(t.userId, t.organizationId)
      .where(sql`role <> 'affiliate' and ended_at is null`),
    check("memberships_role", sql`${t.role} in ('owner', 'admin', 'finance', 'manager', 'viewer', 'affiliate')`),
    check("memberships_affiliate", sql`(${t.role} = 'affiliate') = (${t.affiliateId} is not null)`),
  ],
);

// Who is asked to become an operator. The link's proof is computed from the id and APP_SECRET, never stored. Beside the memberships, because
// it is accepted by somebody who belongs to nothing yet.
export const invitations = pgTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id").notNull(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", { enum: ["owner", "admin", "finance", "manager", "viewer"] }).notNull(),
    invitedBy: text("invited_by").notNull(),
    /** Wrong passwords of the account that the address already has. */
    tries: integer("tries").notNull().default(0),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    endedAt: timestamp("ended_at", { withTimezone: true }),
    endedBecause: text("ended_because", { enum: ["accepted", "revoked", "replaced", "too many tries"] }),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("invitations_one_open").on(t.organizationId, t.email).where(sql`ended_at is null`),
    check("invitations_role", sql`${t.role} in ('owner', 'admin', 'finance', 'manager', 'viewer')`),
  ],
);

// Wrong passwords by address (its digest), until a window ends.
export const signInTries = pgTable(
  "sign_in_tries",
  {
    address: text("address").primaryKey(),
    tries: integer("tries").notNull(),
    endsAt: timestamp("ends_at", { withTimezone: true }).notNull(),
  },
  (t) => [index("sign_in_tries_ended").on(t.endsAt)],
);
