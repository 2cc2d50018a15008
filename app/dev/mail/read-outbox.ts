import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { boot } from "@/server/boot";
import type { Tx } from "@/server/db";
import { env } from "@/server/env";
import { listOrganizationIds } from "@/server/organizations";
import { mayReadOutbox } from "./may-read-outbox";

/** Reads something of every organization's outbox, or answers that there is no such page. */
export async function readOutbox<T>(read: (tx: Tx) => Promise<T>): Promise<T[]> {
  const asked = await headers();
  const request = { mode: env().mode, host: asked.get("host"), forwardedFor: asked.get("x-forwarded-for") };
  if (!mayReadOutbox(request)) notFound();
  const { database } = await boot();
  const answers: T[] = [];
  for (const orgId of await database.asOwner(listOrganizationIds)) {
    answers.push(await database.inOrganization(orgId, read));
  }
  return answers;
}
