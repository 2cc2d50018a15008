import type { Metadata } from "next";
import { EmptyState } from "@/app/ui/empty-state";
import { PageHeader } from "@/app/ui/page-header";
import { StateBadge } from "@/app/ui/state-badge";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { listMails, type MailRow } from "@/server/mail";
import { readOutbox } from "./read-outbox";

export const metadata: Metadata = { title: "Outbox" };

/** Mails shown: what somebody looks for here is among the last ones. */
const SHOWN = 200;

export default async function Page() {
  const lists = await readOutbox((tx) => listMails(tx, { limit: SHOWN, before: null }));
  const mails = lists.flat().sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return (
    <main className="mx-auto w-full max-w-5xl px-5 py-8">
      <PageHeader
        title="Outbox"
        sentence="Every mail this installation has written, newest first. Without SMTP_URL they end here and nobody gets them."
      />
      {mails.length === 0 ? (
        <EmptyState title="No mail yet">
          A digest is written at 8:00, 13:00 and 18:00 in the affiliate's zone when something moved, and a mail of its
          own for each payout that has been paid.
        </EmptyState>
      ) : (
        <Table label="Mails">
          <TableHead>
            <HeadCell>Subject</HeadCell>
            <HeadCell>To</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell align="right">Written</HeadCell>
          </TableHead>
          <tbody>
            {mails.slice(0, SHOWN).map((mail) => (
              <MailLine key={mail.id} mail={mail} />
            ))}
          </tbody>
        </Table>
      )}
    </main>
  );
}

function MailLine({ mail }: { mail: MailRow }) {
  return (
    <TableRow>
      <Cell className="max-w-[26rem] truncate">
        <RowLink href={`/dev/mail/${mail.id}`}>{mail.subject}</RowLink>
      </Cell>
      <Cell className="max-w-[14rem] truncate text-ink-soft">{mail.recipient}</Cell>
      <Cell>
        <StateBadge of="mail" state={mail.state} />
      </Cell>
      <Cell align="right" className="text-ink-soft">
        <Time at={mail.createdAt} />
      </Cell>
    </TableRow>
  );
}
