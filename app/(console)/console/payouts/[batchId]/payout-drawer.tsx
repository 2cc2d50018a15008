"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { accountWords } from "@/app/ui/account-words";
import { CodeBlock, Id } from "@/app/ui/copy";
import { Drawer } from "@/app/ui/drawer";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { Money } from "@/app/ui/money";
import { railWord } from "@/app/ui/rail-words";
import { RestOfLines } from "@/app/ui/rest-of-lines";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StateBadge } from "@/app/ui/state-badge";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import type { RouterOutput } from "@/server/trpc/router";

type Detail = RouterOutput["payouts"]["get"];

/** What each posting of a payout books. */
const postings: Record<string, string> = {
  approve: "Reserved",
  settle: "Arrived",
  fee: "Fee",
  fail: "Failed, given back",
  return: "Returned, given back",
  reverse: "Reversed, given back",
  cancel: "Canceled, given back",
};

/** One payout: what it pays and why, how it went, and what the rail said, raw. */
export function PayoutDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const isOpen = openId?.startsWith("pay_") === true;
  const query = useQuery({ ...trpc.payouts.get.queryOptions({ payoutId: openId ?? "" }), enabled: isOpen });
  return (
    <Drawer
      open={isOpen}
      onClose={close}
      title={query.data ? `Payout to ${query.data.payout.affiliateName}` : "Payout"}
      description={openId && <Id id={openId} />}
    >
      {query.isPending && <SkeletonRows rows={6} />}
      {query.isError && !query.data && (
        <ErrorState
          what="This payout could not be read."
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && <PayoutInFull detail={query.data} />}
    </Drawer>
  );
}

function PayoutInFull({ detail }: { detail: Detail }) {
  const { payout, fee, lines, rest, events, attempt, chain, entries, providerItemId } = detail;
  const movements = lines.length + rest.count;
  return (
    <>
      <Facts>
        <Fact name="State">
          <span className="flex flex-wrap items-center gap-3">
            <StateBadge of="payout" state={payout.state} />
            {payout.providerStatus && (
              <span className="text-ink-faint">
                {railWord(payout.rail)} says <code className="font-mono text-12">{payout.providerStatus}</code>
              </span>
            )}
          </span>
        </Fact>
        {payout.reason && <Fact name="Why">{payout.reason}</Fact>}
        <Fact name="Amount">
          <Money amount={payout.amount} className="font-medium" />
        </Fact>
        {fee && (
          <Fact name="Fee">
            <Money amount={fee} />
          </Fact>
        )}
        <Fact name="To">
          {payout.receiver} by {railWord(payout.rail)}
        </Fact>
        {providerItemId && (
          <Fact name="Rail's id">
            <Id id={providerItemId} />
          </Fact>
        )}
      </Facts>
      {chain.length > 1 && (
        <Section title="Tries">
          <ol className="flex flex-col gap-1.5 text-13">
            {chain.map((one, index) => (
              <li key={one.id} className="flex items-center gap-3">
                <span className="figures w-4 text-ink-faint">{index + 1}</span>
                <StateBadge of="payout" state={one.state} />
                {one.id === payout.id ? (
                  "this payout"
                ) : (
                  <ThingLink
                    href={`/console/payouts/${one.batchId}?open=${one.id}`}
                    className="underline underline-offset-4"
                  >
                    …{one.id.slice(-8)}
                  </ThingLink>
                )}
              </li>
            ))}
          </ol>
        </Section>
      )}
      <Section title={`What it pays: ${movements} ${movements === 1 ? "movement" : "movements"}`}>
        <ul className="flex flex-col text-13">
          {lines.map((line) => (
            <li key={line.effectId} className="flex min-h-8 items-center justify-between gap-4 border-line border-b">
              <ThingLink
                href={`/console/conversions?open=${line.conversionId}`}
                className="truncate underline underline-offset-4"
              >
                Order {line.externalId}, {line.sourceName}
              </ThingLink>
              <Money
                amount={line.amount}
                href={`/console/conversions?open=${line.conversionId}`}
                signed={line.amount.minor < 0n}
              />
            </li>
          ))}
        </ul>
        <RestOfLines rest={rest} shown={lines.length} />
      </Section>
      <Section title="How it went">
        <ol className="flex flex-col gap-1.5 text-13">
          {events.map((event) => (
            <li key={event.id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
              <StateBadge of="payout" state={event.to} />
              {event.providerStatus && <code className="font-mono text-12 text-ink-faint">{event.providerStatus}</code>}
              <span className="min-w-0 text-ink-soft">{event.reason}</span>
              {!event.applied && <span className="text-ink-faint">older than what we held: kept, no effect</span>}
              <span className="ml-auto text-ink-faint">
                <Time at={event.eventAt} />
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <Section title="Ledger entries">
        <ul className="flex flex-col text-12">
          {entries.map((entry) => (
            <li
              key={`${entry.transactionId} ${entry.kind} ${entry.amount.currency}`}
              className="flex min-h-6 items-center justify-between gap-4"
            >
              <span className="text-ink-soft">
                {postings[entry.purpose] ?? entry.purpose}: {accountWords[entry.kind]}
              </span>
              <Money amount={entry.amount} signed />
            </li>
          ))}
        </ul>
      </Section>
      {attempt && <Submission attempt={attempt} />}
    </>
  );
}

function Submission({ attempt }: { attempt: NonNullable<Detail["attempt"]> }) {
  return (
    <Section title="Submission to the rail">
      <Facts>
        <Fact name="Key">
          <Id id={attempt.key} />
        </Fact>
        <Fact name="Sent">
          {attempt.sends} {attempt.sends === 1 ? "time" : "times"}, {attempt.itemCount} payouts, always the same bytes
        </Fact>
        <Fact name="Bytes">
          <Id id={attempt.bodyHash} />
        </Fact>
        {attempt.reason && <Fact name="Outcome">{attempt.reason}</Fact>}
        {attempt.nextCheckAt && (
          <Fact name="Next look">
            <Time at={attempt.nextCheckAt} />
          </Fact>
        )}
      </Facts>
      {attempt.answer && <CodeBlock code={attempt.answer} label="the rail's last answer" className="mt-3" />}
    </Section>
  );
}
