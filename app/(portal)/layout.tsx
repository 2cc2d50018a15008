import type { ReactNode } from "react";
import { SignedIn } from "@/app/shell/signed-in";
import { requireAffiliate } from "@/app/viewer";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const viewer = await requireAffiliate();
  return (
    <SignedIn area="portal" name={viewer.name} who="Affiliate">
      {children}
    </SignedIn>
  );
}
