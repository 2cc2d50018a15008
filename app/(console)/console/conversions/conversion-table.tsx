"use client";

import { useLiveList } from "@/app/live/use-live-list";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { FilterBar } from "@/app/ui/filter-bar";
import { FilterChips, useFilter } from "@/app/ui/filter-chips";
import { Money } from "@/app/ui/money";
import { OrderFilter } from "@/app/ui/order-filter";
import { PagedList } from "@/app/ui/paged-list";
import { StageLine } from "@/app/ui/stage-line";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import { useHrefWith } from "@/app/ui/use-href-with";
import type { RouterOutput } from "@/server/trpc/router";
import { ConversionDrawer } from "./conversion-drawer";

const statuses = [
  { value: "pending", word: "Reported" },
  { value: "approved", word: "Approved" },
  { value: "declined", word: "Declined" },
  { value: "reversed", word: "Reversed" },
] as const;

const attentions = [
  { value: "parked", word: "Without affiliate" },
  { value: "unpriced", word: "Without commission" },
] as const;

type Row = RouterOutput["conversions"]["list"]["rows"][number];

/** Conversions, the most recently changed first, live; a click opens one from its raw bytes to its payout. */
export function ConversionTable() {
  const trpc = useTRPC();
  const [status] = useFilter("status");
  const [attention] = useFilter("attention");
  const [order] = useFilter("order");
  const { openId } = useDrawer();
  const hrefWith = useHrefWith("/console/conversions");
  const { query, rows, changed } = useLiveList(
    trpc.conversions.list.infiniteQueryOptions(
      {
        status: statuses.find((s) => s.value === status)?.value,
        attention: attentions.find((a) => a.value === attention)?.value,
        order: order ?? undefined,
      },
      { getNextPageParam: (page) => page.nextCursor },
    ),
    { kinds: ["conversion.", "commission.", "payout.", "batch."] },
    markOf,
  );

  return (
    <>
      <FilterBar>
        <FilterChips label="Status" name="status" options={statuses} />
        <FilterChips label="Needs attention" name="attention" options={attentions} />
        <OrderFilter />
      </FilterBar>
      <PagedList
        query={query}
        rows={rows}
        noun="conversions"
        empty={
          <EmptyState title="No conversions" listening="Listening for the next report">
            {status || attention || order
              ? "Nothing fits these filters."
              : "The first sale or lead a source reports appears here within a second."}
          </EmptyState>
        }
      >
        <Table label="Conversions">
          <TableHead>
            <HeadCell>Order</HeadCell>
            <HeadCell>Source</HeadCell>
            <HeadCell>Affiliate</HeadCell>
            <HeadCell align="right">Reported</HeadCell>
            <HeadCell align="right">Commission</HeadCell>
            <HeadCell>Way to the bank</HeadCell>
            <HeadCell align="right">Changed</HeadCell>
          </TableHead>
          <tbody>
            {rows.map((row) => (
              <TableRow key={row.id} selected={row.id === openId} changed={changed.has(row.id)}>
                <Cell className="max-w-44 truncate">
                  <RowLink href={hrefWith(row.id)}>{row.externalId}</RowLink>
                </Cell>
                <Cell className="text-ink-soft">{row.sourceName}</Cell>
                <Cell className="max-w-44 truncate">
                  {row.affiliateName ?? <span className="text-ink-faint">nobody yet</span>}
                </Cell>
                <Cell align="right" className="text-ink-soft">
                  <Reported amount={row.reward ?? row.sale} />
                </Cell>
                <Cell align="right">
                  {row.commission ? (
                    <Money amount={row.commission.amount} />
                  ) : (
                    <span className="text-ink-faint">none</span>
                  )}
                </Cell>
                <Cell>
                  <StageLine stage={row.stage} />
                </Cell>
                <Cell align="right" className="text-ink-soft">
                  <Time at={row.updatedAt} />
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </PagedList>
      <ConversionDrawer />
    </>
  );
}

function Reported({ amount }: { amount: { minor: bigint; currency: string } | null }) {
  return amount ? <Money amount={amount} /> : <>no amount</>;
}

/** What a reader should notice: a new report, another amount, another stage on its way. */
function markOf({ updatedAt, commission, stage }: Row): string {
  return `${updatedAt.getTime()} ${commission?.amount.minor} ${stage.current}`;
}
