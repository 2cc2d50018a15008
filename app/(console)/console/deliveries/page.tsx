import type { Metadata } from "next";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { DeliveryLog } from "./delivery-log";

export const metadata: Metadata = { title: "Deliveries" };

export default async function DeliveriesPage() {
  await prefetch(trpc.sources.list.queryOptions());
  return (
    <>
      <PageHeader
        title="Deliveries"
        sentence="Every request a network or shop sent us, exactly as it arrived, and what became of it. Nothing received is dropped."
      />
      <Prefetched>
        <DeliveryLog />
      </Prefetched>
    </>
  );
}
