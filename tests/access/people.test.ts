import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addMembership, createUser, type OperatorRole } from "@/server/access";
import { acceptInvitation } from "@/server/access/accept-invitation";
import { changeMember } from "@/server/access/change-member";
import { invitationOf, invitationToken } from "@/server/access/invitation-token";
import { invite } from "@/server/access/invite";
import { listPeople } from "@/server/access/people-queries";
import { revokeInvitation } from "@/server/access/revoke-invitation";
import { peopleVerdict } from "@/server/access/rules/people";
import type { Tx } from "@/server/db";
import { createOrganization } from "@/server/organizations";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

const now = new Date("2026-03-01T10:00:00Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const PASSWORD = "a password of enough length";

let opened: TestDatabase;
let organizationId: string;
let other: string;
let owner: string;

beforeAll(async () => {
  opened = await openTestDatabase("postgres");
});
afterAll(() => opened.close());

const asOwner = <T>(work: (tx: Tx) => Promise<T>) => opened.database.asOwner(work);

async function member(name: string, role: OperatorRole, at = organizationId): Promise<string> {
  return asOwner(async (tx) => {
    const userId = await createUser(tx, { name, email: `${name}@example.com`, password: PASSWORD }, now);
    await addMembership(tx, { userId, organizationId: at, role }, now);
    return userId;
  });
}

beforeEach(async () => {
  await asOwner((tx) => tx.execute(sql`delete from invitations`));
  await asOwner((tx) => tx.execute(sql`delete from users`));
  organizationId = await asOwner((tx) => createOrganization(tx, { name: "Shoes" }, now));
  other = await asOwner((tx) => createOrganization(tx, { name: "Hats" }, now));
  owner = await member("olive", "owner");
});

const ask = (email: string, role: OperatorRole = "finance", byRole: OperatorRole = "owner") =>
  asOwner((tx) => invite(tx, { organizationId, by: { userId: owner, role: byRole }, name: "Fay", email, role }, now));
const accept = (invitationId: string, password = PASSWORD, at = now) =>
  asOwner((tx) => acceptInvitation(tx, { invitationId, password }, at));
const people = (of = organizationId) => asOwner((tx) => listPeople(tx, of, now));
const rolesNow = async (of = organizationId) =>
  Object.fromEntries((await people(of)).members.map(({ name, role }) => [name, role]));

describe("an invitation", () => {
  test("makes its person a member of the organization, once", async () => {
    const id = await ask("FAY@example.com");
    expect((await people()).invitations).toMatchObject([
      { id, email: "fay@example.com", role: "finance", invitedBy: "olive" },
    ]);
    expect(await accept(id)).toEqual({ kind: "member", email: "fay@example.com" });
    expect(await rolesNow()).toEqual({ Fay: "finance", olive: "owner" });
    expect((await people()).invitations).toEqual([]);
    await expect(accept(id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("accepted twice at once makes one member", async () => {
    const id = await ask("fay@example.com");
    const outcomes = await Promise.allSettled([accept(id), accept(id)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await people()).members).toHaveLength(2);
  });

  test.each([
    [
      "taken back",
      (id: string) => asOwner((tx) => revokeInvitation(tx, { organizationId, invitationId: id }, now)),
      now,
    ],
    ["replaced by a later one", () => ask("fay@example.com", "viewer"), now],
    ["eight days old", async () => {}, later(8)],
  ])("%s lets nobody in", async (_name, spoil, at) => {
    const id = await ask("fay@example.com");
    await spoil(id);
    await expect(accept(id, PASSWORD, at)).rejects.toMatchObject({ code: "not_found" });
    expect(await rolesNow()).toEqual({ olive: "owner" });
  });

  test("of an address that has an account needs that account's password, five times at most", async () => {
    const known = await member("ben", "owner", other);
    const id = await ask("ben@example.com");
    for (let tries = 0; tries < 3; tries++) expect(await accept(id, "wrong")).toMatchObject({ kind: "refused" });
    expect(await accept(id)).toEqual({ kind: "member", email: "ben@example.com" });
    expect((await people()).members.find(({ userId }) => userId === known)?.role).toBe("finance");
    expect(await rolesNow(other)).toEqual({ ben: "owner" });

    await member("cara", "owner", other);
    const guessed = await ask("cara@example.com");
    for (let tries = 0; tries < 5; tries++)
      expect(await accept(guessed, `guess ${tries}`)).toMatchObject({ kind: "refused" });
    await expect(accept(guessed)).rejects.toMatchObject({ code: "not_found" });
  });

  test.each([
    ["a short password", () => ask("fay@example.com").then((id) => accept(id, "short")), "invalid_input"],
    ["somebody who belongs to it", () => ask("olive@example.com"), "conflict"],
    ["an owner, from an admin", () => ask("fay@example.com", "owner", "admin"), "forbidden"],
    [
      "taken back by another organization",
      async () => {
        const invitationId = await ask("fay@example.com");
        return asOwner((tx) => revokeInvitation(tx, { organizationId: other, invitationId }, now));
      },
      "not_found",
    ],
  ] as const)("%s is refused", async (_name, deed, code) => {
    await expect(deed()).rejects.toMatchObject({ code });
  });
});

test("a link is of one installation: changed by a letter, or made with another secret, it is for nothing", () => {
  const token = invitationToken("inv_01abc", "secret one");
  expect(invitationOf(token, "secret one")).toBe("inv_01abc");
  for (const wrong of [
    token.slice(0, -1),
    `${token}A`,
    token.replace("inv_01abc", "inv_01abd"),
    "inv_01abc",
    "",
    `${token}.x`,
  ]) {
    expect(invitationOf(wrong, "secret one"), wrong).toBeNull();
  }
  expect(invitationOf(token, "secret two")).toBeNull();
});

describe("who may change whom", () => {
  test.each<[string, Parameters<typeof peopleVerdict>[0], boolean]>([
    ["an owner makes an owner", { byRole: "owner", isSelf: false, from: "admin", to: "owner" }, true],
    ["an owner unmakes another", { byRole: "owner", isSelf: false, from: "owner", to: null }, true],
    ["an admin makes a manager", { byRole: "admin", isSelf: false, from: "viewer", to: "manager" }, true],
    ["an admin makes an owner", { byRole: "admin", isSelf: false, from: "admin", to: "owner" }, false],
    ["an admin unmakes an owner", { byRole: "admin", isSelf: false, from: "owner", to: "viewer" }, false],
    ["an owner leaves by himself", { byRole: "owner", isSelf: true, from: "owner", to: null }, false],
    ["an admin raises himself", { byRole: "admin", isSelf: true, from: "admin", to: "owner" }, false],
  ])("%s", (_name, change, may) => {
    expect(peopleVerdict(change).may).toBe(may);
  });

  const change = (by: string, userId: string, to: OperatorRole | null, at = organizationId) =>
    asOwner((tx) => changeMember(tx, { organizationId: at, by, userId, to }, now));

  test("a role is changed; who is removed is out, with his sessions", async () => {
    const fay = await member("fay", "finance");
    await change(owner, fay, "manager");
    expect(await rolesNow()).toEqual({ fay: "manager", olive: "owner" });
    await asOwner((tx) =>
      tx.execute(
        sql`insert into sessions (id, user_id, token, expires_at) values ('ses_1', ${fay}, 'token', '2027-01-01')`,
      ),
    );
    await change(owner, fay, null);
    expect(await rolesNow()).toEqual({ olive: "owner" });
    const sessions = (await asOwner((tx) => tx.execute(sql`select id from sessions`))) as unknown as {
      rows: unknown[];
    };
    expect(sessions.rows).toEqual([]);
  });

  test.each([null, "viewer"] as const)(
    "who becomes %s lets nobody in any more by a link he made before",
    async (to) => {
      const adam = await member("adam", "admin");
      const by = { userId: adam, role: "admin" as const };
      const wanted = { organizationId, by, name: "Back Door", email: "back@example.com", role: "admin" as const };
      const link = await asOwner((tx) => invite(tx, wanted, now));
      const other = await ask("fay@example.com");
      await change(owner, adam, to);
      await expect(accept(link)).rejects.toMatchObject({ code: "not_found" });
      expect(await accept(other)).toMatchObject({ kind: "member" });
    },
  );

  test("two owners who unmake each other at once leave one", async () => {
    const second = await member("oscar", "owner");
    const outcomes = await Promise.allSettled([change(owner, second, "viewer"), change(second, owner, "viewer")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(Object.values(await rolesNow()).sort()).toEqual(["owner", "viewer"]);
  });

  test("nobody reaches into another organization, nor on with a role he has lost", async () => {
    const fay = await member("fay", "finance");
    const hatter = await member("hal", "owner", other);
    await expect(change(hatter, fay, "viewer", other)).rejects.toMatchObject({ code: "not_found" });
    await expect(change(hatter, fay, "viewer")).rejects.toMatchObject({ code: "forbidden" });
    await expect(change(fay, owner, "viewer")).rejects.toMatchObject({ code: "forbidden" });
  });
});
