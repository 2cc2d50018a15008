"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { Field } from "@/app/ui/field";
import { FilterChips, useFilter } from "@/app/ui/filter-chips";
import { PagedList } from "@/app/ui/paged-list";
import { StateBadge } from "@/app/ui/state-badge";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import { DeliveryDrawer } from "./delivery-drawer";

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
  const [order, setOrder] = useQueryState("order", parseAsString.withDefault("").withOptions({ throttleMs: 300 }));
  const { openId } = useDrawer();
  const { data: sources } = useQuery(trpc.sources.list.queryOptions());
  const options = trpc.deliveries.list.infiniteQueryOptions(
    {
      result: results.find((r) => r.value === result)?.value,
      sourceId: sourceId ?? undefined,
      order: order || undefined,
    },
    { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
  );
  const query = useInfiniteQuery(options);
  useRefreshOn({ kinds: ["delivery.", "conversion."] }, [trpc.deliveries.list.pathKey()]);
  const hrefWith = (id: string) =>
    `/console/deliveries?${new URLSearchParams({ ...(result && { result }), ...(sourceId && { source: sourceId }), ...(order && { order }), open: id })}`;
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];

  return (
    <>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3 pb-3">
        <FilterChips label="Result" name="result" options={results} />
        {sources && sources.length > 1 && (
          <FilterChips
            label="Source"
            name="source"
            options={sources.map(({ id, name }) => ({ value: id, word: name }))}
          />
        )}
        <div className="w-56">
          <Field
            label="Order number begins with"
            value={order}
            onChange={(event) => void setOrder(event.target.value)}
            className="h-8"
          />
        </div>
      </div>
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
              <TableRow key={row.id} selected={row.id === openId}>
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
                  <StateBadge
                    of="delivery"
                    state={row.result === "accepted" && !row.processedAt ? "waiting" : row.result}
                  />
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
