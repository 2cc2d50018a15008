import type { ReactNode } from "react";
import { requireOperator } from "@/app/actor";
import { SignedIn } from "@/app/shell/signed-in";
import { DeedsProvider } from "@/app/ui/deeds";
import { roleWords } from "@/app/ui/role-words";
import { deedRefusals } from "@/server/access";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await requireOperator();
  return (
    <SignedIn area="console" name={actor.name} who={roleWords[actor.role].word}>
      <DeedsProvider refusals={deedRefusals(actor.role)}>{children}</DeedsProvider>
    </SignedIn>
  );
}
