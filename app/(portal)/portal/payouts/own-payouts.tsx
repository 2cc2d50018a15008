"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { ErrorState } from "@/app/ui/error-state";
import { LoadMore } from "@/app/ui/load-more";
import { Money } from "@/app/ui/money";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StateBadge } from "@/app/ui/state-badge";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";

const PAGE = 30;

/** The affiliate's payouts, newest first, live. */
export function OwnPayouts() {
  const trpc = useTRPC();
  const { openId } = useDrawer();
  const query = useInfiniteQuery(
    trpc.portalPayouts.list.infiniteQueryOptions(
      { limit: PAGE },
      { getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.id : undefined) },
    ),
  );
  useRefreshOn({ kinds: ["payout."] }, [trpc.portalPayouts.list.pathKey()]);
  if (query.isPending) return <SkeletonRows />;
  if (query.isError) {
    return (
      <ErrorState
        what="Your payouts could not be read."
        message={query.error.message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const payouts = query.data.pages.flat();
  if (payouts.length === 0) {
    return (
      <EmptyState title="No payout yet">
        What is available goes into the next payout, as soon as it reaches the program's minimum and a destination is
        set.
      </EmptyState>
    );
  }
  return (
    <>
      <Table label="Payouts">
        <TableHead>
          <HeadCell>Program</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell align="right">Amount</HeadCell>
          <HeadCell>To</HeadCell>
          <HeadCell align="right">Last change</HeadCell>
        </TableHead>
        <tbody>
          {payouts.map((payout) => (
            <TableRow key={payout.id} selected={payout.id === openId}>
              <Cell>
                <RowLink href={`/portal/payouts?open=${payout.id}`}>{payout.programName}</RowLink>
              </Cell>
              <Cell>
                <StateBadge of="payout" state={payout.state} />
              </Cell>
              <Cell align="right">
                <Money amount={payout.amount} href={`/portal/payouts?open=${payout.id}`} />
              </Cell>
              <Cell className="text-ink-soft">{payout.receiver}</Cell>
              <Cell align="right" className="text-ink-soft">
                <Time at={payout.settledAt ?? payout.updatedAt} />
              </Cell>
            </TableRow>
          ))}
        </tbody>
      </Table>
      <LoadMore
        shown={payouts.length}
        noun="payouts"
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
      />
    </>
  );
}
