import type { ReactNode } from "react";
import { requireOperator } from "@/app/actor";
import { SignedIn } from "@/app/shell/signed-in";
import { DeedsProvider } from "@/app/ui/deeds";
import { deedRefusals } from "@/server/access";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await requireOperator();
  return (
    <SignedIn area="console" name={actor.name} who={ROLE_WORDS[actor.role]}>
      <DeedsProvider refusals={deedRefusals(actor.role)}>{children}</DeedsProvider>
    </SignedIn>
  );
}

const ROLE_WORDS = { owner: "Owner", admin: "Admin", finance: "Finance", manager: "Manager", viewer: "Viewer" };
