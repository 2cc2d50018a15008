import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireOperator } from "@/app/actor";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { BatchScreen } from "./batch-screen";

export const metadata: Metadata = { title: "Payout batch" };

export default async function BatchPage({ params }: { params: Promise<{ batchId: string }> }) {
  await requireOperator();
  const { batchId } = await params;
  if (!/^bat_[0-9a-z]+$/.test(batchId)) notFound();
  await prefetch(trpc.payouts.batches.get.queryOptions({ batchId }));
  return (
    <Prefetched>
      <BatchScreen batchId={batchId} />
    </Prefetched>
  );
}
