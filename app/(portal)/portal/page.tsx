import type { Metadata } from "next";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { requireAffiliate } from "@/app/viewer";
import { PortalHome } from "./portal-home";

export const metadata: Metadata = { title: "Home" };

export default async function PortalPage() {
  const viewer = await requireAffiliate();
  await prefetch(trpc.portal.balances.queryOptions());
  return (
    <Prefetched>
      <PageHeader
        title={`Hello, ${viewer.name}`}
        sentence="What is yours to be paid, what is still held and until when, and what has been paid."
      />
      <PortalHome />
    </Prefetched>
  );
}
