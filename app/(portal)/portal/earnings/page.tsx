import type { Metadata } from "next";
import { PageHeader } from "@/app/ui/page-header";
import { EarningDrawer } from "./earning-drawer";
import { EarningsTable } from "./earnings-table";

export const metadata: Metadata = { title: "Earnings" };

export default function EarningsPage() {
  return (
    <>
      <PageHeader
        title="Earnings"
        sentence="Every sale of yours, what you earn on it and why, where it stands and what comes next."
      />
      <EarningsTable limit={50} basePath="/portal/earnings" />
      <EarningDrawer />
    </>
  );
}
