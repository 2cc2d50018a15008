import type { Metadata } from "next";
import { PageHeader } from "@/app/ui/page-header";
import { ConversionTable } from "./conversion-table";

export const metadata: Metadata = { title: "Conversions" };

export default function ConversionsPage() {
  return (
    <>
      <PageHeader
        title="Conversions"
        sentence="Every sale and lead the sources reported, whose it is, what is owed on it and how far that has come."
      />
      <ConversionTable />
    </>
  );
}
