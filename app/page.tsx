import { redirect } from "next/navigation";
import { currentViewer } from "@/app/viewer";

/** Sends everybody where he belongs. */
export default async function Page() {
  const viewer = await currentViewer();
  if (!viewer) redirect("/sign-in");
  redirect(viewer.role === "operator" ? "/console" : "/portal");
}
