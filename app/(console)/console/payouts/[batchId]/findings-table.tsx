"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { balanceId } from "@/app/ui/balance-words";
import { EmptyState } from "@/app/ui/empty-state";
import { Money } from "@/app/ui/money";
import { PagedList } from "@/app/ui/paged-list";
import { Cell, HeadCell, Table, TableHead, TableRow } from "@/app/ui/table";
import type { BalanceName } from "@/server/insight";
import type { FindingRow } from "@/server/payouts";

const PAGE = 50;

/** What each validator looks at. */
const checks: Record<FindingRow["validator"], string> = {
  profile: "Profile",
  destination: "Destination",
  cool_off: "Changed destination",
  rail: "Payment rail",
  currency: "Currency",
  threshold: "Minimum payout",
  balance: "Balance",
  hold: "Hold",
};

/** Everyone who is not in the batch, with what would have been due, what is held, and the reason in words. */
export function FindingsTable({ batchId }: { batchId: string }) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.payouts.batches.findings.infiniteQueryOptions(
      { batchId, limit: PAGE },
      {
        getNextPageParam: (page) => {
          const last = page.length === PAGE ? page.at(-1) : undefined;
          return last && { affiliateId: last.affiliateId, validator: last.validator };
        },
      },
    ),
  );
  const findings = query.data?.pages.flat() ?? [];
  const hrefOfBalance = (name: BalanceName, { affiliateId, due }: (typeof findings)[number]) =>
    `/console/payouts/${batchId}?open=${balanceId(name, due.currency, affiliateId)}`;
  return (
    <PagedList
      query={query}
      rows={findings}
      noun="reasons"
      empty={
        <EmptyState title="Nobody is left out">Everyone enrolled in this program is paid by this batch.</EmptyState>
      }
    >
      <Table label="Left out, and why">
        <TableHead>
          <HeadCell>Affiliate</HeadCell>
          <HeadCell>Check</HeadCell>
          <HeadCell>Why not in this batch</HeadCell>
          <HeadCell align="right">Due</HeadCell>
          <HeadCell align="right">Held</HeadCell>
        </TableHead>
        <tbody>
          {findings.map((finding) => (
            <TableRow key={`${finding.affiliateId} ${finding.validator}`}>
              <Cell className="max-w-48 truncate font-medium">{finding.affiliateName}</Cell>
              <Cell className="text-ink-soft">{checks[finding.validator]}</Cell>
              <Cell className="min-w-72 whitespace-normal py-1">{finding.finding}</Cell>
              <Cell align="right">
                <Money amount={finding.due} href={hrefOfBalance("payable", finding)} />
              </Cell>
              <Cell align="right">
                <Money amount={finding.held} href={hrefOfBalance("held", finding)} />
              </Cell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </PagedList>
  );
}
