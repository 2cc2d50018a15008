import { pgTable, text } from "drizzle-orm/pg-core";
import { createdAt } from "./columns";

// Written at set-up; read by background jobs to visit every organization. Not a tenant table: it is the list of tenants.
export const organizations = pgTable("organizations", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: createdAt(),
});

// Facts about this database as a whole, such as the mark that it holds demo data. Written once, read at start.
export const installation = pgTable("installation", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
  createdAt: createdAt(),
});
