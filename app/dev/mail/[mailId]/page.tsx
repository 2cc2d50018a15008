import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { readOutbox } from "@/app/dev/mail/read-outbox";
import { Fact, Facts } from "@/app/ui/facts";
import { StateBadge } from "@/app/ui/state-badge";
import { Tabs } from "@/app/ui/tabs";
import { Time } from "@/app/ui/time";
import { getMail } from "@/server/mail";

export const metadata: Metadata = { title: "Mail" };

export default async function Page({ params }: { params: Promise<{ mailId: string }> }) {
  const { mailId } = await params;
  const found = await readOutbox((tx) => getMail(tx, mailId));
  const mail = found.find((candidate) => candidate !== undefined);
  if (!mail) notFound();
  return (
    <main className="mx-auto w-full max-w-5xl px-5 py-8">
      <Link href="/dev/mail" className="text-13 text-accent-ink hover:underline">
        Outbox
      </Link>
      <h1 className="mt-1 mb-4 font-semibold text-20 tracking-tight">{mail.subject}</h1>
      <Facts>
        <Fact name="To">{mail.recipient}</Fact>
        <Fact name="Written">
          <Time at={mail.createdAt} />
        </Fact>
        <Fact name="State">
          <StateBadge of="mail" state={mail.state} />
          {mail.reason && <span className="ml-2 text-ink-soft">{mail.reason}</span>}
        </Fact>
        <Fact name="Because of">
          <code className="break-all font-mono text-12">{mail.cause}</code>
        </Fact>
      </Facts>
      <div className="mt-6">
        <Tabs
          label="Versions of this mail"
          tabs={[
            {
              value: "html",
              word: "HTML",
              // No scripts, no forms, no way out of the frame: a mail holds words of strangers.
              content: (
                <iframe
                  title="The mail as HTML"
                  sandbox=""
                  srcDoc={mail.html}
                  className="h-[44rem] w-full rounded-2 border border-line"
                />
              ),
            },
            {
              value: "text",
              word: "Text",
              content: (
                <pre className="whitespace-pre-wrap rounded-2 border border-line bg-surface p-4 font-mono text-13">
                  {mail.text}
                </pre>
              ),
            },
          ]}
        />
      </div>
    </main>
  );
}
