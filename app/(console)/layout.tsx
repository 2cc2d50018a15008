import type { ReactNode } from "react";
import { SignedIn } from "@/app/shell/signed-in";
import { requireOperator } from "@/app/viewer";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireOperator();
  return (
    <SignedIn area="console" name={viewer.name} who="Operator">
      {children}
    </SignedIn>
  );
}
