import type { Metadata } from "next";
import { requireOperator } from "@/app/actor";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { BatchList } from "./batch-list";

export const metadata: Metadata = { title: "Payouts" };

export default async function PayoutsPage() {
  await requireOperator();
  await prefetch(trpc.programs.list.queryOptions());
  return (
    <Prefetched>
      <BatchList />
    </Prefetched>
  );
}
