import type { Metadata } from "next";
import { requireAffiliate } from "@/app/actor";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { PortalHome } from "./portal-home";

export const metadata: Metadata = { title: "Home" };

export default async function PortalPage() {
  const actor = await requireAffiliate();
  await prefetch(trpc.portal.balances.queryOptions());
  return (
    <Prefetched>
      <PageHeader
        title={`Hello, ${actor.name}`}
        sentence="What is yours to be paid, what is still held and until when, and what has been paid."
      />
      <PortalHome />
    </Prefetched>
  );
}
