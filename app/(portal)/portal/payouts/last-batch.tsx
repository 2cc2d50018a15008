"use client";

import { useQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { balanceId } from "@/app/ui/balance-words";
import { Money } from "@/app/ui/money";
import { Section } from "@/app/ui/section";
import { Time } from "@/app/ui/time";

/** Why the affiliate was not in the last batch, when it was not. */
export function LastBatch() {
  const trpc = useTRPC();
  const { data: last } = useQuery(trpc.portalPayouts.lastBatch.queryOptions());
  useRefreshOn({ kinds: ["payout."] }, [trpc.portalPayouts.lastBatch.queryKey()]);
  const reasons = last?.findings.filter((finding) => finding.blocks) ?? [];
  if (!last || last.payoutId !== null || reasons.length === 0) return null;
  return (
    <Section title={`Why you were not in the last payout of ${last.programName}`} className="mb-8">
      <ul className="flex flex-col gap-1 text-13">
        {reasons.map((reason) => (
          <li key={reason.validator}>
            {reason.finding}{" "}
            {reason.held.minor > 0n && (
              <>
                (<Money amount={reason.held} href={`/portal?open=${balanceId("held", reason.held.currency)}`} /> held)
              </>
            )}
          </li>
        ))}
      </ul>
      <p className="mt-1 text-12 text-ink-faint">
        Paid out <Time at={last.approvedAt} />, for everything payable until <Time at={last.cutOff} format="date" />.
      </p>
    </Section>
  );
}
