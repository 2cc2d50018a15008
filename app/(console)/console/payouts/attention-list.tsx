"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { useFilter } from "@/app/ui/filter-chips";
import { Money } from "@/app/ui/money";
import { PagedList } from "@/app/ui/paged-list";
import { Section } from "@/app/ui/section";
import { StateBadge } from "@/app/ui/state-badge";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";

const PAGE = 50;

/** Payouts over all batches that a person should look at, when the Overview sent somebody here for them. */
export function AttentionList() {
  const trpc = useTRPC();
  const [attention] = useFilter("attention");
  const kind = attention === "unknown" || attention === "failed" ? attention : null;
  const query = useInfiniteQuery(
    trpc.payouts.attention.infiniteQueryOptions(
      { kind: kind ?? "failed", limit: PAGE },
      {
        getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.id : undefined),
        enabled: kind !== null,
      },
    ),
  );
  useRefreshOn({ kinds: ["payout.", "batch."] }, [trpc.payouts.attention.pathKey()]);
  const payouts = query.data?.pages.flat() ?? [];
  if (kind === null) return null;
  return (
    <Section
      title={
        kind === "unknown"
          ? "Payouts whose outcome is not known"
          : "Payouts that failed or came back, not tried again yet"
      }
      aside={
        <ThingLink href="/console/payouts" className="text-13 underline underline-offset-4">
          Show batches only
        </ThingLink>
      }
      className="mb-8"
    >
      <PagedList
        query={query}
        rows={payouts}
        noun="payouts"
        empty={<p className="text-13 text-ink-soft">None. Nothing here needs you.</p>}
      >
        <ul className="flex flex-col text-13">
          {payouts.map((payout) => (
            <li key={payout.id} className="flex min-h-10 flex-wrap items-center gap-x-4 border-line border-b py-1">
              <StateBadge of="payout" state={payout.state} />
              <ThingLink
                href={`/console/payouts/${payout.batchId}?open=${payout.id}`}
                className="font-medium underline underline-offset-4"
              >
                {payout.affiliateName}
              </ThingLink>
              <Money amount={payout.amount} />
              <span className="min-w-0 flex-1 truncate text-ink-soft">{payout.reason}</span>
              <span className="text-ink-faint">
                <Time at={payout.updatedAt} />
              </span>
            </li>
          ))}
        </ul>
      </PagedList>
    </Section>
  );
}
