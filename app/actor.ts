import type { Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { signInHref } from "@/app/(auth)/sign-in/next-path";
import { PATH_HEADER } from "@/app/path-header";
import { getViewer, type Viewer } from "@/server/access";
import { getDatabase } from "@/server/db";

/** Who asks for this page; read once per request. The headers come first: they tell a build that this page is made per request,
 *  before any database is looked for. */
export const currentViewer = cache(async (): Promise<Viewer | null> => {
  const asked = await headers();
  return getViewer(await getDatabase(), asked);
});

/** The operator who asks; anyone else is sent where he belongs. */
export async function requireOperator(): Promise<Extract<Viewer, { role: "operator" }>> {
  const viewer = await currentViewer();
  if (viewer?.role === "operator") return viewer;
  redirect(viewer ? "/portal" : await signInFirst());
}

/** The affiliate's user who asks; anyone else is sent where he belongs. */
export async function requireAffiliate(): Promise<Extract<Viewer, { role: "affiliate" }>> {
  const viewer = await currentViewer();
  if (viewer?.role === "affiliate") return viewer;
  redirect(viewer ? "/console" : await signInFirst());
}

/** The sign-in page, which leads back to the page that is being asked for. */
async function signInFirst(): Promise<Route> {
  return signInHref((await headers()).get(PATH_HEADER) ?? "/") as Route;
}
