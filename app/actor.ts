import type { Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { signInHref } from "@/app/(auth)/sign-in/next-path";
import { PATH_HEADER } from "@/app/path-header";
import { type Actor, getActor } from "@/server/access";
import { getDatabase } from "@/server/db";

/** Who asks for this page; read once per request. The headers come first: they tell a build that this page is made per request,
 *  before any database is looked for. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const asked = await headers();
  return getActor(await getDatabase(), asked);
});

/** The operator who asks; anyone else is sent where he belongs. */
export async function requireOperator(): Promise<Extract<Actor, { side: "operator" }>> {
  const actor = await currentActor();
  if (actor?.side === "operator") return actor;
  redirect(actor ? "/portal" : await signInFirst());
}

/** The affiliate's user who asks; anyone else is sent where he belongs. */
export async function requireAffiliate(): Promise<Extract<Actor, { side: "affiliate" }>> {
  const actor = await currentActor();
  if (actor?.side === "affiliate") return actor;
  redirect(actor ? "/console" : await signInFirst());
}

/** The sign-in page, which leads back to the page that is being asked for. */
async function signInFirst(): Promise<Route> {
  return signInHref((await headers()).get(PATH_HEADER) ?? "/") as Route;
}
