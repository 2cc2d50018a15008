"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { Money } from "@/app/ui/money";
import { PagedList } from "@/app/ui/paged-list";
import { StageLine } from "@/app/ui/stage-line";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";

/** The affiliate's earnings, newest sale first; a click opens one with its calculation. */
export function EarningsTable({ limit, basePath }: { limit: number; basePath: string }) {
  const trpc = useTRPC();
  const { openId } = useDrawer();
  const query = useInfiniteQuery(
    trpc.portal.earnings.infiniteQueryOptions({ limit }, { getNextPageParam: (page) => page.nextCursor }),
  );
  useRefreshOn({}, [trpc.portal.earnings.pathKey()]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <PagedList
      query={query}
      rows={rows}
      noun="earnings"
      empty={
        <EmptyState title="No earnings yet" listening="Listening for your first sale">
          Sales that come through your links appear here, each with what you earn on it.
        </EmptyState>
      }
    >
      <Table label="Earnings">
        <TableHead>
          <HeadCell>Order</HeadCell>
          <HeadCell>From</HeadCell>
          <HeadCell align="right">You earn</HeadCell>
          <HeadCell>Way to your account</HeadCell>
          <HeadCell align="right">Sold</HeadCell>
        </TableHead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={row.id} selected={row.id === openId}>
              <Cell className="max-w-44 truncate">
                <RowLink href={`${basePath}?open=${row.id}`}>{row.externalId}</RowLink>
              </Cell>
              <Cell className="text-ink-soft">{row.sourceName}</Cell>
              <Cell align="right">
                {row.commission ? (
                  <Money amount={row.commission.amount} />
                ) : (
                  <span className="text-ink-faint">{isOver(row.networkStatus) ? "nothing" : "not yet known"}</span>
                )}
              </Cell>
              <Cell>
                <StageLine stage={row.stage} area="portal" />
              </Cell>
              <Cell align="right" className="text-ink-soft">
                <Time at={row.eventAt} timeZone={row.stage.timeZone} />
              </Cell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </PagedList>
  );
}

/** The source took it back before anything was owed. */
function isOver(status: "pending" | "approved" | "declined" | "reversed"): boolean {
  return status === "declined" || status === "reversed";
}
