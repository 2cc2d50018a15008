"use client";

import { useQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { balanceId, balanceWords } from "@/app/ui/balance-words";
import { classNames } from "@/app/ui/class-names";
import { EmptyState } from "@/app/ui/empty-state";
import { ErrorState } from "@/app/ui/error-state";
import { Money } from "@/app/ui/money";
import { RollingMoney } from "@/app/ui/rolling-money";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { ThingLink } from "@/app/ui/thing-link";
import { Day } from "@/app/ui/time";
import { toneText } from "@/app/ui/tones";
import type { BalanceName } from "@/server/insight";
import type { RouterOutput } from "@/server/trpc/router";
import { EarningsTable } from "./earnings/earnings-table";
import { OwnBalanceDrawer } from "./own-balance-drawer";

type Balance = RouterOutput["portal"]["balances"][number];

/** What the affiliate has, by where it stands, and the latest earnings. */
export function PortalHome() {
  const trpc = useTRPC();
  const query = useQuery(trpc.portal.balances.queryOptions());
  useRefreshOn({}, [trpc.portal.balances.queryKey()]);
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        what="Your balances could not be read."
        message={query.error.message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.data.length === 0) {
    return (
      <EmptyState title="Nothing earned yet" listening="Listening for your first sale">
        As soon as a sale of yours is reported, it appears here with what you earn on it and when it will be paid.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-8">
      {query.data.map((balance) => (
        <Currency key={balance.currency} balance={balance} />
      ))}
      <Section title="Latest earnings">
        <EarningsTable limit={5} basePath="/portal/earnings" />
      </Section>
      <OwnBalanceDrawer />
    </div>
  );
}

function Currency({ balance }: { balance: Balance }) {
  return (
    <section aria-label={`Balances in ${balance.currency}`} className="border-line border-t pt-4">
      <dl className="grid grid-cols-2 gap-x-8 gap-y-5 md:grid-cols-4">
        <Figure name="payable" amount={balance.available}>
          {balance.available.minor < 0n
            ? "More was taken back than earned since; it is set off against what comes next."
            : undefined}
        </Figure>
        <Figure name="held" amount={balance.held} />
        <Figure name="inTransit" amount={balance.inTransit} />
        <Figure name="paid" amount={balance.paid} />
      </dl>
      {balance.releases.length > 0 && (
        <p className="mt-4 text-13 text-ink-soft">
          Becomes available:{" "}
          {balance.releases.map((release, index) => (
            <span key={release.on}>
              {index > 0 && " · "}
              <Money amount={release.amount} href={`/portal?open=${balanceId("held", balance.currency)}`} /> on{" "}
              <Day day={release.on} />
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

function Figure(props: { name: BalanceName; amount: Balance["held"]; children?: string }) {
  const { name, amount, children } = props;
  const { ownWord, means, tone, icon: Icon } = balanceWords[name];
  return (
    <div>
      <dt className="flex items-center gap-1.5 text-13 text-ink-soft">
        <Icon aria-hidden className={classNames("size-3.5", toneText[tone])} />
        {ownWord}
      </dt>
      <dd className="mt-1 font-medium text-20">
        <ThingLink
          href={`/portal?open=${balanceId(name, amount.currency)}`}
          className="inline-block rounded-1 hover:text-accent-ink"
        >
          <RollingMoney amount={amount} />
        </ThingLink>
      </dd>
      <dd className="mt-0.5 text-12 text-ink-faint">{children ?? means}</dd>
    </div>
  );
}
