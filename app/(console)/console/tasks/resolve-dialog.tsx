"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { Id } from "@/app/ui/copy";
import { Dialog } from "@/app/ui/dialog";
import { Field } from "@/app/ui/field";
import { Money } from "@/app/ui/money";
import { railWord } from "@/app/ui/rail-words";
import type { Task } from "./task-words";

type Answer = "accepted" | "not_accepted";

/** Asks a person who looked at the rail what became of a submission, and records it with who says so and why. */
export function ResolveDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [batchId, setBatchId] = useState("");
  const [note, setNote] = useState("");
  const resolve = useResolve(onClose);
  const rail = railWord(task.rail ?? "the rail");
  if (!task.attempt) return null;
  const { id: attemptId, payouts, total } = task.attempt;
  const isComplete = answer !== null && note.trim().length >= 3 && (answer !== "accepted" || batchId.trim() !== "");
  const found =
    answer === "accepted"
      ? ({ kind: "accepted", providerBatchId: batchId } as const)
      : ({ kind: "not_accepted" } as const);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`What does ${rail} say?`}
      description={
        <>
          Look for the key <Id id={task.evidence.key ?? attemptId} /> in your account at {rail}. It is about{" "}
          {payouts.toLocaleString("en")} {payouts === 1 ? "payout" : "payouts"}, <Money amount={total} /> together.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button
            look={answer === "not_accepted" ? "danger" : "primary"}
            disabled={!isComplete}
            pending={resolve.isPending}
            onClick={() => resolve.mutate({ attemptId, found, note })}
          >
            {answer === "not_accepted" ? "It was not accepted" : "Record it"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Choice answer={answer} onAnswer={setAnswer} rail={rail} />
        {answer === "accepted" && (
          <Field
            label={`The batch's id at ${rail}`}
            value={batchId}
            maxLength={100}
            onChange={(event) => setBatchId(event.target.value)}
            hint="We ask about it from now on; nothing is sent again."
          />
        )}
        {answer === "not_accepted" && (
          <p role="alert" className="text-13 text-reversed">
            These payouts fail, and their money becomes payable again. If {rail} did accept them, it would be paid
            twice.
          </p>
        )}
        <Field
          label="How do you know?"
          value={note}
          maxLength={500}
          onChange={(event) => setNote(event.target.value)}
          hint="Kept with your name in the history of each payout."
          error={resolve.error?.message}
        />
      </div>
    </Dialog>
  );
}

function useResolve(onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.tasks.resolveUnknown.mutationOptions({
      onSuccess: ({ payouts }, { found }) => {
        for (const queryKey of [trpc.tasks.pathKey(), trpc.payouts.pathKey(), trpc.overview.pathKey()]) {
          void queryClient.invalidateQueries({ queryKey });
        }
        const words =
          found.kind === "accepted" ? "are followed at the rail now." : "have failed and can be paid again.";
        toast.success(`${payouts.toLocaleString("en")} payouts ${words}`);
        onDone();
      },
    }),
  );
}

function Choice({
  answer,
  onAnswer,
  rail,
}: {
  answer: Answer | null;
  onAnswer: (answer: Answer) => void;
  rail: string;
}) {
  const options = [
    { value: "accepted", words: `${rail} accepted it` },
    { value: "not_accepted", words: `${rail} never accepted it` },
  ] as const;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-13">What did you find?</legend>
      {options.map(({ value, words }) => (
        <label key={value} className="flex min-h-8 items-center gap-2 text-14">
          <input
            type="radio"
            name="found"
            value={value}
            checked={answer === value}
            onChange={() => onAnswer(value)}
            className="size-4 accent-accent"
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
