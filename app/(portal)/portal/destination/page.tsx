import type { Metadata } from "next";
import { requireAffiliate } from "@/app/actor";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { DestinationForm } from "./destination-form";

export const metadata: Metadata = { title: "Destination" };

export default async function DestinationPage() {
  await requireAffiliate();
  await prefetch(trpc.portalPayouts.destination.queryOptions());
  return (
    <Prefetched>
      <PageHeader
        title="Destination"
        sentence="Where your money goes. A change counts after three days, for payouts built then; never for one on its way."
      />
      <DestinationForm />
    </Prefetched>
  );
}
