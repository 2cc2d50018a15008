"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import type { RouterOutput } from "@/server/trpc/router";

type Batch = RouterOutput["payouts"]["batches"]["get"];

/** One click retries what one page can hold; a second click goes on. */
const PER_CLICK = 200;

/** Tries every payout of the batch again that is proven unpaid, as a new payout linked to the old one. Unknown ones are never retried. */
export function RetryFailed({ batch }: { batch: Batch }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const retriable = batch.totals.filter(({ state }) => state === "failed" || state === "returned");
  const count = retriable.reduce((sum, { payouts }) => sum + payouts, 0);
  const { data: payouts = [] } = useQuery({
    ...trpc.payouts.batches.payouts.queryOptions({
      batchId: batch.id,
      states: ["failed", "returned"],
      limit: PER_CLICK,
    }),
    enabled: count > 0,
  });
  const retry = useMutation(
    trpc.payouts.batches.retry.mutationOptions({
      onSuccess: ({ retried, refused }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.payouts.pathKey() });
        if (retried.length > 0) toast.success(`${retried.length} payouts are tried again.`);
        for (const { reason } of refused.slice(0, 3)) toast.warning(reason);
      },
      onError: (error) => toast.error(error.message),
    }),
  );
  const payoutIds = payouts.filter((payout) => payout.retriedAs === null).map((payout) => payout.id);
  if (count === 0 || payoutIds.length === 0) return null;
  return (
    <Button look="primary" pending={retry.isPending} onClick={() => retry.mutate({ payoutIds })}>
      Retry {payoutIds.length.toLocaleString("en")} proven unpaid
    </Button>
  );
}
