"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { BalanceDrawer } from "@/app/ui/balance-drawer";
import { balanceOf } from "@/app/ui/balance-words";
import { useDrawer } from "@/app/ui/use-drawer";

const PAGE = 50;

/** What a balance is made of, over everybody or for one affiliate: `?open=held.EUR`. */
export function ConsoleBalanceDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const of = balanceOf(openId);
  const query = useInfiniteQuery(
    trpc.overview.balanceLines.infiniteQueryOptions(
      { ...(of ?? { balance: "held", currency: "EUR", affiliateId: null }), limit: PAGE },
      {
        getNextPageParam: (page) => (page.lines.length === PAGE ? page.lines.at(-1)?.id : undefined),
        enabled: of !== null,
      },
    ),
  );
  useRefreshOn({}, of ? [trpc.overview.balanceLines.pathKey()] : []);
  return <BalanceDrawer of={of} area="console" query={query} onClose={close} />;
}
