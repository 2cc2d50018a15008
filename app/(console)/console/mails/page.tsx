import type { Metadata } from "next";
import { requireOperator } from "@/app/actor";
import { Prefetched } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { MailLog } from "./mail-log";

export const metadata: Metadata = { title: "Mails" };

export default async function MailsPage() {
  await requireOperator();
  return (
    <>
      <PageHeader
        title="Mails"
        sentence="Every mail to an affiliate and what became of it. None is sent twice by itself: what may have arrived waits for you."
      />
      <Prefetched>
        <MailLog />
      </Prefetched>
    </>
  );
}
