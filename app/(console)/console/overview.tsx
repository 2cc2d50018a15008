"use client";

import { useQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { ConsoleBalanceDrawer } from "./balance-drawer";
import { Balances } from "./balances";
import { Feed, useFeed } from "./feed";
import { ProofStrip } from "./proof-strip";
import { Tasks } from "./tasks";

/** The Overview: balances, what needs a person, the live feed, and the proof that nothing was lost. */
export function Overview() {
  const trpc = useTRPC();
  useRefreshOn({}, [trpc.overview.balances.queryKey(), trpc.overview.waiting.queryKey()]);
  const feed = useFeed();
  const balances = useQuery(trpc.overview.balances.queryOptions());
  const isUntouched = feed.data?.length === 0 && balances.data?.length === 0;
  if (isUntouched) return <FirstPostback />;
  return (
    <div className="flex flex-col gap-8">
      <Balances query={balances} />
      <div className="grid grid-cols-1 gap-8 lg:grid-cols-[minmax(0,1fr)_18rem] lg:gap-10">
        <Feed feed={feed} className="max-lg:order-2" />
        <div className="flex flex-col gap-8">
          <Tasks />
          <ProofStrip />
        </div>
      </div>
      <ConsoleBalanceDrawer />
    </div>
  );
}

function FirstPostback() {
  const trpc = useTRPC();
  const { data: curl } = useQuery(trpc.overview.firstPostback.queryOptions());
  return (
    <EmptyState title="No conversion yet" curl={curl ?? undefined} listening="Listening for your first postback…">
      {curl === null
        ? "Connect a source first: it gets a postback address of its own, and what a network sends there appears here at once."
        : "Paste this into a terminal: it reports one approved sale, as a network would. It appears here within a second, with what its affiliate has earned."}
    </EmptyState>
  );
}
