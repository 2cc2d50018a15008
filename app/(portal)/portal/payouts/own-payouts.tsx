"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { Money } from "@/app/ui/money";
import { PagedList } from "@/app/ui/paged-list";
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
  const payouts = query.data?.pages.flat() ?? [];
  return (
    <PagedList
      query={query}
      rows={payouts}
      noun="payouts"
      empty={
        <EmptyState title="No payout yet">
          What is available goes into the next payout, as soon as it reaches the program's minimum and a destination is
          set.
        </EmptyState>
      }
    >
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
    </PagedList>
  );
}
