"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { OnlyWhoMay } from "@/app/ui/deeds";
import { Dialog } from "@/app/ui/dialog";
import { Money } from "@/app/ui/money";
import type { RouterOutput } from "@/server/trpc/router";

type Batch = RouterOutput["payouts"]["batches"]["get"];
type Retried = RouterOutput["payouts"]["batches"]["retry"];

/** Tries what of the batch is proven unpaid again, as new payouts linked to the old ones, after a question that names the amount. Unknown ones
 *  are never retried. */
export function RetryFailed({ batch }: { batch: Batch }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { data } = useQuery(trpc.payouts.batches.retryable.queryOptions({ batchId: batch.id }));
  const retry = useMutation(
    trpc.payouts.batches.retry.mutationOptions({
      onSuccess: ({ retried, refused }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.payouts.pathKey() });
        toast.success(`${count(retried.length, "payout is", "payouts are")} tried again.`);
        if (refused.length === 0) setAsking(false);
      },
    }),
  );
  const ask = () => {
    retry.reset();
    setAsking(true);
  };
  if (!data || (data.count === 0 && !isAsking)) return null;
  const { payoutIds, total } = data.next;
  const refused = retry.data?.refused ?? [];
  const isTold = refused.length > 0;
  return (
    <>
      {data.count > 0 && (
        <OnlyWhoMay deed="retry_payouts">
          <Button look="primary" onClick={ask}>
            Retry {data.count.toLocaleString("en")} proven unpaid
          </Button>
        </OnlyWhoMay>
      )}
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={isTold ? "Some were not tried again" : "Try again what is proven unpaid?"}
        description={
          isTold
            ? "Nothing was sent for these; each says why."
            : "New payouts are reserved at once and sent right after, to where each affiliate wants the money now."
        }
        footer={
          isTold ? (
            <Button onClick={() => setAsking(false)}>Close</Button>
          ) : (
            <>
              <Button onClick={() => setAsking(false)}>Not yet</Button>
              <Button
                look="primary"
                disabled={payoutIds.length === 0}
                pending={retry.isPending}
                onClick={() => retry.mutate({ payoutIds })}
              >
                Try again and pay
              </Button>
            </>
          )
        }
      >
        {isTold ? (
          <Refused refused={refused} />
        ) : (
          <p className="text-14">
            <Money amount={total} className="font-medium" /> in {count(payoutIds.length, "payout", "payouts")}.
            {data.count > payoutIds.length &&
              ` These are the first of ${data.count.toLocaleString("en")}; the others can be retried after them.`}
          </p>
        )}
        {retry.error && (
          <p role="alert" className="mt-2 text-13 text-reversed">
            {retry.error.message}
          </p>
        )}
      </Dialog>
    </>
  );
}

function Refused({ refused }: Pick<Retried, "refused">) {
  return (
    <ul className="flex flex-col gap-1.5 text-13">
      {refused.map(({ payoutId, affiliateName, reason }) => (
        <li key={payoutId}>
          <span className="font-medium">{affiliateName}</span>: the payout {reason}.
        </li>
      ))}
    </ul>
  );
}

function count(many: number, one: string, several: string): string {
  return `${many.toLocaleString("en")} ${many === 1 ? one : several}`;
}
