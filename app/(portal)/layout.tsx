import type { ReactNode } from "react";
import { requireAffiliate } from "@/app/actor";
import { SignedIn } from "@/app/shell/signed-in";
import { LocaleProvider } from "@/app/ui/locale";
import { getDatabase } from "@/server/db";
import { readerOf } from "@/server/insight";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { name, orgId, affiliateId } = await requireAffiliate();
  const database = await getDatabase();
  const { locale } = await database.inOrganization(orgId, (tx) => readerOf(tx, affiliateId));
  return (
    <LocaleProvider locale={locale}>
      <SignedIn area="portal" name={name} who="Affiliate">
        {children}
      </SignedIn>
    </LocaleProvider>
  );
}
