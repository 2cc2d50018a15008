"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { BalanceDrawer } from "@/app/ui/balance-drawer";
import { balanceOf } from "@/app/ui/balance-words";
import { useDrawer } from "@/app/ui/use-drawer";

const PAGE = 50;

/** What one of the affiliate's own balances is made of: `?open=held.EUR`. */
export function OwnBalanceDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const of = balanceOf(openId);
  const query = useInfiniteQuery(
    trpc.portal.balanceLines.infiniteQueryOptions(
      { balance: of?.balance ?? "held", currency: of?.currency ?? "EUR", limit: PAGE },
      {
        getNextPageParam: (page) => (page.lines.length === PAGE ? page.lines.at(-1)?.id : undefined),
        enabled: of !== null,
      },
    ),
  );
  useRefreshOn({}, of ? [trpc.portal.balanceLines.pathKey()] : []);
  return <BalanceDrawer of={of} area="portal" query={query} onClose={close} />;
}
