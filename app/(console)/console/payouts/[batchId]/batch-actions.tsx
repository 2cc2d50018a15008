"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useShortcut } from "@/app/shell/shortcuts";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { OnlyWhoMay, useDeedRefusal } from "@/app/ui/deeds";
import { Dialog } from "@/app/ui/dialog";
import { Money } from "@/app/ui/money";
import type { RouterOutput } from "@/server/trpc/router";
import { RetryFailed } from "./retry-failed";

type Batch = RouterOutput["payouts"]["batches"]["get"];

/** What a person may do with a batch in its state. */
export function BatchActions({ batch }: { batch: Batch }) {
  const mayBuild = useDeedRefusal("build_batches") === undefined;
  if (batch.state !== "draft") return <RetryFailed batch={batch} />;
  return (
    <>
      {mayBuild && <Discard batch={batch} />}
      <OnlyWhoMay deed="approve_batches">
        <Approve batch={batch} />
      </OnlyWhoMay>
    </>
  );
}

function Approve({ batch }: { batch: Batch }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.payouts.pathKey() });
  const approve = useMutation(
    trpc.payouts.batches.approve.mutationOptions({
      onSuccess: ({ payouts, droppedOut }) => {
        setAsking(false);
        void refresh();
        toast.success(
          `${payouts} payouts are on their way.`,
          droppedOut > 0 ? { description: `${droppedOut} dropped out; their reasons are below.` } : {},
        );
      },
    }),
  );
  const isEmpty = batch.payouts === 0;
  useShortcut({ keys: "a", label: "Approve this batch", run: () => setAsking(true), isOff: isEmpty });
  return (
    <>
      <Button look="primary" shortcut="A" disabled={isEmpty} onClick={() => setAsking(true)}>
        Approve
      </Button>
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Approve this batch?"
        description="The money is reserved at once and sent right after. What has left cannot be called back from here."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Not yet</Button>
            <Button look="primary" pending={approve.isPending} onClick={() => approve.mutate({ batchId: batch.id })}>
              Approve and pay
            </Button>
          </>
        }
      >
        <p className="text-14">
          <Money amount={batch.total} className="font-medium" /> to {batch.payouts.toLocaleString("en")} affiliates of{" "}
          {batch.programName}. {batch.leftOut.toLocaleString("en")} are left out, each with a reason.
        </p>
        {approve.error && (
          <p role="alert" className="mt-2 text-13 text-reversed">
            {approve.error.message}
          </p>
        )}
      </Dialog>
    </>
  );
}

function Discard({ batch }: { batch: Batch }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const discard = useMutation(
    trpc.payouts.batches.discard.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.payouts.pathKey() });
        router.push("/console/payouts" as Route);
      },
      onError: (error) => toast.error(error.message),
    }),
  );
  return (
    <Button pending={discard.isPending} onClick={() => discard.mutate({ batchId: batch.id })}>
      Discard
    </Button>
  );
}
