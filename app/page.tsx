import { redirect } from "next/navigation";
import { currentActor } from "@/app/actor";

/** Sends everybody where he belongs. */
export default async function Page() {
  const actor = await currentActor();
  if (!actor) redirect("/sign-in");
  redirect(actor.side === "operator" ? "/console" : "/portal");
}
