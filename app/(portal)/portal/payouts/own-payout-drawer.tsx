"use client";

import { useQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { Id } from "@/app/ui/copy";
import { Drawer } from "@/app/ui/drawer";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { Money } from "@/app/ui/money";
import { RestOfLines } from "@/app/ui/rest-of-lines";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StateBadge } from "@/app/ui/state-badge";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";

/** One payout as its affiliate sees it: the orders it pays and how it went. */
export function OwnPayoutDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const isOpen = openId?.startsWith("pay_") === true;
  const query = useQuery({ ...trpc.portalPayouts.get.queryOptions({ payoutId: openId ?? "" }), enabled: isOpen });
  useRefreshOn({ kinds: ["payout."] }, [trpc.portalPayouts.get.pathKey()]);
  return (
    <Drawer open={isOpen} onClose={close} title="Payout" description={openId && <Id id={openId} />}>
      {query.isPending && <SkeletonRows rows={5} />}
      {query.isError && !query.data && (
        <ErrorState
          what="This payout could not be read."
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && (
        <>
          <Facts>
            <Fact name="State">
              <StateBadge of="payout" state={query.data.payout.state} />
            </Fact>
            {query.data.payout.why && <Fact name="Why">{query.data.payout.why}</Fact>}
            <Fact name="Amount">
              <Money amount={query.data.payout.amount} className="font-medium" />
            </Fact>
            <Fact name="To">{query.data.payout.receiver}</Fact>
            {query.data.payout.settledAt && (
              <Fact name="Arrived">
                <Time at={query.data.payout.settledAt} format="date" />
              </Fact>
            )}
          </Facts>
          <Section title="What it pays">
            <ul className="flex flex-col text-13">
              {query.data.lines.map((line) => (
                <li
                  key={line.effectId}
                  className="flex min-h-8 items-center justify-between gap-4 border-line border-b"
                >
                  <ThingLink
                    href={`/portal/earnings?open=${line.conversionId}`}
                    className="truncate underline underline-offset-4"
                  >
                    Order {line.externalId}, {line.sourceName}
                  </ThingLink>
                  <Money amount={line.amount} href={`/portal/earnings?open=${line.conversionId}`} />
                </li>
              ))}
            </ul>
            <RestOfLines rest={query.data.rest} shown={query.data.lines.length} />
          </Section>
          <Section title="How it went">
            <ol className="flex flex-col gap-1.5 text-13">
              {query.data.events.map((event) => (
                <li key={event.id} className="flex items-center gap-3">
                  <StateBadge of="payout" state={event.to} />
                  <span className="ml-auto text-ink-faint">
                    <Time at={event.eventAt} />
                  </span>
                </li>
              ))}
            </ol>
          </Section>
        </>
      )}
    </Drawer>
  );
}
