"use client";

import { useQuery } from "@tanstack/react-query";
import { useLiveList } from "@/app/live/use-live-list";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { FilterBar } from "@/app/ui/filter-bar";
import { FilterChips, useFilter } from "@/app/ui/filter-chips";
import { OrderFilter } from "@/app/ui/order-filter";
import { PagedList } from "@/app/ui/paged-list";
import { StateBadge } from "@/app/ui/state-badge";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import { useHrefWith } from "@/app/ui/use-href-with";
import { DeliveryDrawer } from "./delivery-drawer";
import { deliveryState } from "./delivery-state";

const results = [
  { value: "accepted", word: "Accepted" },
  { value: "duplicate", word: "Duplicate" },
  { value: "quarantined", word: "Quarantined" },
  { value: "refused", word: "Refused" },
] as const;

/** The log of deliveries, newest first, live; a click opens one in full. */
export function DeliveryLog() {
  const trpc = useTRPC();
  const [result] = useFilter("result");
  const [sourceId] = useFilter("source");
  const [order] = useFilter("order");
  const { openId } = useDrawer();
  const hrefWith = useHrefWith("/console/deliveries");
  const { data: sources } = useQuery(trpc.sources.list.queryOptions());
  const { query, rows, changed } = useLiveList(
    trpc.deliveries.list.infiniteQueryOptions(
      {
        result: results.find((r) => r.value === result)?.value,
        sourceId: sourceId ?? undefined,
        order: order ?? undefined,
      },
      { getNextPageParam: (page) => page.nextCursor },
    ),
    { kinds: ["delivery.", "conversion."] },
    deliveryState,
  );

  return (
    <>
      <FilterBar>
        <FilterChips label="Result" name="result" options={results} />
        {sources && sources.length > 1 && (
          <FilterChips
            label="Source"
            name="source"
            options={sources.map(({ id, name }) => ({ value: id, word: name }))}
          />
        )}
        <OrderFilter />
      </FilterBar>
      <PagedList
        query={query}
        rows={rows}
        noun="deliveries"
        empty={
          <EmptyState title="No deliveries" listening="Listening for the next request">
            {result || sourceId || order
              ? "Nothing fits these filters."
              : "The first request to one of your postback addresses appears here within a second."}
          </EmptyState>
        }
      >
        <Table label="Deliveries">
          <TableHead>
            <HeadCell>Delivery</HeadCell>
            <HeadCell>Source</HeadCell>
            <HeadCell>Order</HeadCell>
            <HeadCell>Result</HeadCell>
            <HeadCell>What became of it</HeadCell>
            <HeadCell align="right">Received</HeadCell>
          </TableHead>
          <tbody>
            {rows.map((row) => (
              <TableRow key={row.id} selected={row.id === openId} changed={changed.has(row.id)}>
                <Cell>
                  <RowLink href={hrefWith(row.id)} className="font-mono text-12">
                    …{row.id.slice(-8)}
                  </RowLink>
                </Cell>
                <Cell>{row.sourceName}</Cell>
                <Cell className="max-w-48 truncate">
                  {row.externalId ?? <span className="text-ink-faint">none read</span>}
                </Cell>
                <Cell>
                  <StateBadge of="delivery" state={deliveryState(row)} />
                </Cell>
                <Cell className="max-w-96 truncate text-ink-soft" title={row.reason ?? undefined}>
                  {row.reason ?? (row.repeats ? `Repeats …${row.repeats.slice(-8)}` : row.processedAt ? "Counted" : "")}
                </Cell>
                <Cell align="right" className="text-ink-soft">
                  <Time at={row.receivedAt} />
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </PagedList>
      <DeliveryDrawer />
    </>
  );
}
