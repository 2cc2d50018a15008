import type { Metadata } from "next";
import { PageHeader } from "@/app/ui/page-header";
import { LastBatch } from "./last-batch";
import { OwnPayoutDrawer } from "./own-payout-drawer";
import { OwnPayouts } from "./own-payouts";

export const metadata: Metadata = { title: "Payouts" };

export default function OwnPayoutsPage() {
  return (
    <>
      <PageHeader
        title="Payouts"
        sentence="Every payment to you: what it pays, where it went, and whether it arrived."
      />
      <LastBatch />
      <OwnPayouts />
      <OwnPayoutDrawer />
    </>
  );
}
