"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { Field } from "@/app/ui/field";
import { FilterChips, useFilter } from "@/app/ui/filter-chips";
import { PagedList } from "@/app/ui/paged-list";
import { StateBadge } from "@/app/ui/state-badge";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import { MailDrawer } from "./mail-drawer";

const states = [
  { value: "queued", word: "Queued" },
  { value: "sent", word: "Sent" },
  { value: "failed", word: "Failed" },
  { value: "unknown", word: "Unknown" },
] as const;

/** The outbox, newest first; a click opens a mail. */
export function MailLog() {
  const trpc = useTRPC();
  const [state] = useFilter("state");
  const [to, setTo] = useQueryState("to", parseAsString.withDefault("").withOptions({ throttleMs: 300 }));
  const { openId } = useDrawer();
  const query = useInfiniteQuery(
    trpc.mail.list.infiniteQueryOptions(
      { state: states.find(({ value }) => value === state)?.value, recipient: to || undefined },
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const hrefWith = (id: string) =>
    `/console/mails?${new URLSearchParams({ ...(state && { state }), ...(to && { to }), open: id })}`;
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3 pb-3">
        <FilterChips label="State" name="state" options={states} />
        <div className="w-56">
          <Field
            label="Receiver begins with"
            value={to}
            onChange={(event) => void setTo(event.target.value)}
            className="h-8"
          />
        </div>
      </div>
      <PagedList
        query={query}
        rows={rows}
        noun="mails"
        empty={
          <EmptyState title="No mails">
            {state || to
              ? "Nothing fits these filters."
              : "A mail is written when a payout has arrived, and up to three times a day when something moved."}
          </EmptyState>
        }
      >
        <Table label="Mails">
          <TableHead>
            <HeadCell>Subject</HeadCell>
            <HeadCell>To</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell>Why</HeadCell>
            <HeadCell align="right">Written</HeadCell>
          </TableHead>
          <tbody>
            {rows.map((mail) => (
              <TableRow key={mail.id} selected={mail.id === openId}>
                <Cell className="max-w-80 truncate">
                  <RowLink href={hrefWith(mail.id)}>{mail.subject}</RowLink>
                </Cell>
                <Cell className="max-w-56 truncate text-ink-soft">{mail.recipient}</Cell>
                <Cell>
                  <StateBadge of="mail" state={mail.state} />
                </Cell>
                <Cell className="max-w-80 truncate text-ink-soft" title={mail.reason ?? undefined}>
                  {mail.reason}
                </Cell>
                <Cell align="right" className="text-ink-soft">
                  <Time at={mail.createdAt} />
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </PagedList>
      <MailDrawer />
    </>
  );
}
