import type { Metadata } from "next";
import { requireOperator } from "@/app/actor";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { feedLength } from "./feed-length";
import { Overview } from "./overview";

export const metadata: Metadata = { title: "Overview" };

export default async function Page() {
  await requireOperator();
  await Promise.all([
    prefetch(trpc.overview.balances.queryOptions()),
    prefetch(trpc.overview.waiting.queryOptions()),
    prefetch(trpc.overview.firstPostback.queryOptions()),
    prefetch(trpc.activity.latest.queryOptions({ limit: feedLength })),
  ]);
  return (
    <Prefetched>
      <PageHeader
        title="Overview"
        sentence="What affiliates have earned and where it stands, what waits for you, and what happens right now."
      />
      <Overview />
    </Prefetched>
  );
}
