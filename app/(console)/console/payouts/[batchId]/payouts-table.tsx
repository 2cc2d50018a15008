"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { FilterChips, useFilter } from "@/app/ui/filter-chips";
import { Money } from "@/app/ui/money";
import { PagedList } from "@/app/ui/paged-list";
import { StateBadge } from "@/app/ui/state-badge";
import { wordsOf } from "@/app/ui/state-words";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { useDrawer } from "@/app/ui/use-drawer";
import type { RouterOutput } from "@/server/trpc/router";

type Batch = RouterOutput["payouts"]["batches"]["get"];
type State = Batch["totals"][number]["state"];

/** In the order of a payout's way. */
const states: readonly State[] = [
  "planned",
  "queued",
  "submitting",
  "submitted",
  "unclaimed",
  "unknown",
  "paid",
  "failed",
  "returned",
  "reversed",
  "retried",
  "canceled",
];

const PAGE = 50;

/** The payouts of a batch; a click opens one with its calculation, its history and what the rail said. */
export function PayoutsTable({ batch }: { batch: Batch }) {
  const trpc = useTRPC();
  const { openId } = useDrawer();
  const [state] = useFilter("state");
  const chosen = states.find((one) => one === state);
  const options = states.flatMap((value) => {
    const count = batch.totals.find((total) => total.state === value)?.payouts ?? 0;
    return count > 0 || value === chosen ? [{ value, word: wordOf(value), count }] : [];
  });
  const query = useInfiniteQuery(
    trpc.payouts.batches.payouts.infiniteQueryOptions(
      { batchId: batch.id, states: chosen ? [chosen] : null, limit: PAGE },
      {
        getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.id : undefined),
        placeholderData: keepPreviousData,
      },
    ),
  );
  const payouts = query.data?.pages.flat() ?? [];
  const hrefWith = (id: string) =>
    `/console/payouts/${batch.id}?${new URLSearchParams({ ...(state && { state }), open: id })}`;
  return (
    <>
      {options.length > 0 && (
        <div className="pb-3">
          <FilterChips label="State" name="state" options={options} />
        </div>
      )}
      <PagedList
        query={query}
        rows={payouts}
        noun="payouts"
        empty={
          chosen ? (
            <EmptyState title="None now">No payout of this batch is in this state any more.</EmptyState>
          ) : (
            <EmptyState title="Nobody is paid by this batch">
              Everyone is left out; the reasons stand beside.
            </EmptyState>
          )
        }
      >
        <Table label="Payouts">
          <TableHead>
            <HeadCell>Affiliate</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell align="right">Amount</HeadCell>
            <HeadCell>To</HeadCell>
            <HeadCell>Why it stands there</HeadCell>
          </TableHead>
          <tbody>
            {payouts.map((payout) => (
              <TableRow key={payout.id} selected={payout.id === openId}>
                <Cell className="max-w-56 truncate">
                  <RowLink href={hrefWith(payout.id)}>{payout.affiliateName}</RowLink>
                </Cell>
                <Cell>
                  <StateBadge of="payout" state={payout.state} />
                </Cell>
                <Cell align="right">
                  <Money amount={payout.amount} href={hrefWith(payout.id)} />
                </Cell>
                <Cell className="text-ink-soft">{payout.receiver}</Cell>
                <Cell className="max-w-96 truncate text-ink-soft" title={payout.reason ?? undefined}>
                  {payout.retriedAs ? "Tried again as another payout" : payout.reason}
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </PagedList>
    </>
  );
}

function wordOf(state: State): string {
  return state === "retried" ? "Tried again" : (wordsOf("payout", state)?.word ?? state);
}
