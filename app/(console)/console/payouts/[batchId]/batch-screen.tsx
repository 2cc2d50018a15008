"use client";

import { useQuery } from "@tanstack/react-query";
import { ConsoleBalanceDrawer } from "@/app/(console)/console/balance-drawer";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { Id } from "@/app/ui/copy";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { Money } from "@/app/ui/money";
import { PageHeader } from "@/app/ui/page-header";
import { Progress } from "@/app/ui/progress";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StateBadge } from "@/app/ui/state-badge";
import { wordsOf } from "@/app/ui/state-words";
import { Tabs } from "@/app/ui/tabs";
import { Time } from "@/app/ui/time";
import type { RouterOutput } from "@/server/trpc/router";
import { BatchActions } from "./batch-actions";
import { FindingsTable } from "./findings-table";
import { PayoutDrawer } from "./payout-drawer";
import { PayoutsTable } from "./payouts-table";

type Batch = RouterOutput["payouts"]["batches"]["get"];

/** One batch: review before approval, live progress after it, and what needs a person. Every figure comes from the database, so a reload in
 *  the middle shows the same and the event stream goes on from its last event. */
export function BatchScreen({ batchId }: { batchId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.payouts.batches.get.queryOptions({ batchId }));
  useRefreshOn({ kinds: ["batch.", "payout."], batchId }, [
    trpc.payouts.batches.get.queryKey({ batchId }),
    trpc.payouts.batches.payouts.pathKey(),
    trpc.payouts.batches.findings.pathKey(),
    trpc.payouts.batches.retryable.queryKey({ batchId }),
    trpc.payouts.get.pathKey(),
  ]);
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && !query.data) {
    return (
      <ErrorState
        what="This batch could not be read."
        message={query.error.message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const batch = query.data;
  return (
    <>
      <PageHeader
        title={`${batch.programName}, ${batch.total.currency}`}
        sentence={sentences[batch.state]}
        actions={<BatchActions batch={batch} />}
      />
      <div className="flex flex-col gap-8">
        <Facts>
          <Fact name="State">
            <StateBadge of="batch" state={batch.state} />
          </Fact>
          <Fact name="Total">
            <Money amount={batch.total} className="font-medium" /> in {batch.payouts.toLocaleString("en")} payouts
          </Fact>
          <Fact name="Left out">
            {batch.leftOut === 0
              ? "Nobody"
              : `${batch.leftOut.toLocaleString("en")} affiliates, each with the reason below`}
          </Fact>
          <Fact name="Cut-off">
            <Time at={batch.cutOff} />
          </Fact>
          <Fact name="Built by">
            {batch.plannedBy}, <Time at={batch.createdAt} />
          </Fact>
          {batch.approvedAt && (
            <Fact name="Approved by">
              {batch.approvedBy}, <Time at={batch.approvedAt} />
            </Fact>
          )}
          <Fact name="Batch">
            <Id id={batch.id} />
          </Fact>
        </Facts>
        {batch.state !== "draft" && <BatchProgress batch={batch} />}
        <Tabs
          label="What is in this batch and what is not"
          tabs={[
            { value: "in", word: "Payouts", content: <PayoutsTable batch={batch} /> },
            { value: "out", word: "Left out, and why", content: <FindingsTable batchId={batch.id} /> },
          ]}
        />
      </div>
      <PayoutDrawer />
      <ConsoleBalanceDrawer />
    </>
  );
}

function BatchProgress({ batch }: { batch: Batch }) {
  const { done, of } = batch.progress;
  const parts = batch.totals.map(({ state, payouts }) => {
    const words = state === "retried" ? null : wordsOf("payout", state);
    return { word: words?.word ?? "Tried again", tone: words?.tone ?? ("neutral" as const), count: payouts };
  });
  return (
    <Section
      title="Progress"
      aside={
        <span role="status" className="figures text-13">
          {done.toLocaleString("en")} of {of.toLocaleString("en")} have an outcome
        </span>
      }
    >
      <Progress label="Payouts with an outcome" parts={parts} done={done} of={of} />
    </Section>
  );
}

const sentences: Record<Batch["state"], string> = {
  draft: "Review who is paid and who is not, then approve. Nothing has been reserved or sent.",
  approved:
    "Approved: the money is reserved and the payouts are on their way. You can leave this page; it goes on without you.",
  finished: "Every payout has an outcome.",
  discarded: "Thrown away before approval. Everything in it is payable again.",
};
