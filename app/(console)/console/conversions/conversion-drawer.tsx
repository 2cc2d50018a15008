"use client";

import { useQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { Id } from "@/app/ui/copy";
import { Drawer } from "@/app/ui/drawer";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { Money } from "@/app/ui/money";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StageLine } from "@/app/ui/stage-line";
import { StateBadge } from "@/app/ui/state-badge";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import type { RouterOutput } from "@/server/trpc/router";
import { Calculation } from "./calculation";

type Trace = RouterOutput["conversions"]["trace"];

/** One conversion from the bytes that reported it to the payout that pays it. */
export function ConversionDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const isOpen = openId?.startsWith("cnv_") === true;
  const query = useQuery({ ...trpc.conversions.trace.queryOptions({ conversionId: openId ?? "" }), enabled: isOpen });
  useRefreshOn({ kinds: ["conversion.", "commission.", "payout.", "batch."] }, [trpc.conversions.trace.pathKey()]);
  const title = query.data ? `Order ${query.data.conversion.externalId}` : "Conversion";
  return (
    <Drawer open={isOpen} onClose={close} title={title} description={openId && <Id id={openId} />}>
      {query.isPending && <SkeletonRows rows={6} />}
      {query.isError && !query.data && (
        <ErrorState
          what="This conversion could not be read."
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && <TraceInFull trace={query.data} />}
    </Drawer>
  );
}

function TraceInFull({ trace }: { trace: Trace }) {
  const { conversion, commission, payouts, stage, explanation } = trace;
  const { sale, reward, trust, clickRef, eventAt } = conversion.state;
  return (
    <>
      <StageLine stage={stage} size="full" area="console" />
      <Facts>
        <Fact name="Source">
          {conversion.sourceName}, {conversion.programName}
        </Fact>
        <Fact name="Affiliate">{conversion.affiliateName ?? `Nobody yet: ${conversion.unattributedReason}`}</Fact>
        {conversion.attributedVia && (
          <Fact name="Credited by">
            {conversion.attributedVia === "click" ? "click" : "sub-id"}{" "}
            <code className="font-mono text-12">{clickRef}</code>
          </Fact>
        )}
        {sale && (
          <Fact name="Sale">
            <Money amount={sale} />
          </Fact>
        )}
        {reward && (
          <Fact name="Network pays us">
            <Money amount={reward} />
          </Fact>
        )}
        <Fact name="Trust">{trustWords[trust]}</Fact>
        <Fact name="Sold">
          <Time at={eventAt} />
        </Fact>
      </Facts>
      {commission ? (
        <Calculation commission={commission} explanation={explanation} />
      ) : (
        <Section title="Commission">
          <p className="text-13">{explanation}</p>
          {conversion.unpricedReason && (
            <p className="mt-1 text-13 text-ink-soft">When it was reported: {conversion.unpricedReason}.</p>
          )}
        </Section>
      )}
      <Section title="Payouts">
        {payouts.length === 0 ? (
          <p className="text-13 text-ink-soft">In no payout batch yet.</p>
        ) : (
          <ul className="flex flex-col gap-1.5 text-13">
            {payouts.map((payout) => (
              <li key={payout.payoutId} className="flex flex-wrap items-center gap-3">
                <StateBadge of="payout" state={payout.state} />
                <Money amount={payout.amount} href={`/console/payouts/${payout.batchId}?open=${payout.payoutId}`} />
                <span className="text-ink-faint">
                  <Time at={payout.stateAt} />
                </span>
                {payout.reason && <span className="text-ink-soft">{payout.reason}</span>}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="History, newest first">
        <ol className="flex flex-col gap-2 text-13">
          {[...conversion.changes].reverse().map((change) => (
            <li key={change.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="figures w-6 text-ink-faint">{change.version}</span>
              <StateBadge of="conversion" state={change.toStatus} />
              {change.reward && <Money amount={change.reward} />}
              {!change.applied && <span className="text-ink-faint">older than what we held: no effect</span>}
              <ThingLink
                href={`/console/deliveries?open=${change.deliveryId}`}
                className="underline underline-offset-4"
              >
                raw request
              </ThingLink>
              <span className="ml-auto text-ink-faint">
                <Time at={change.recordedAt} />
              </span>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

const trustWords: Record<Trace["conversion"]["state"]["trust"], string> = {
  claimed: "Claimed: an unsigned notification",
  confirmed: "Confirmed by the source",
  funded: "Funded: the network has paid us",
};
