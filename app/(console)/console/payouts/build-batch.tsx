"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { Dialog } from "@/app/ui/dialog";
import { SelectField } from "@/app/ui/field";
import { Money } from "@/app/ui/money";

/** Asks which program and currency, and builds a draft: who would be paid, and who not. */
export function BuildBatch({ open, onClose }: { open: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { data: programs = [] } = useQuery(trpc.programs.list.queryOptions());
  const choices = programs.flatMap((program) => program.minimums.map((minimum) => ({ program, minimum })));
  const [chosen, choose] = useState(0);
  const choice = choices[chosen] ?? choices[0];
  const plan = useMutation(
    trpc.payouts.batches.plan.mutationOptions({
      onSuccess: ({ batchId }) => router.push(`/console/payouts/${batchId}` as Route),
    }),
  );
  const build = () => {
    if (choice) plan.mutate({ programId: choice.program.id, currency: choice.minimum.currency });
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Build a payout batch"
      description="You see who would be paid and who not before anything is approved. Building moves no money."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" pending={plan.isPending} disabled={!choice} onClick={build}>
            Build
          </Button>
        </>
      }
    >
      <SelectField
        label="Program and currency"
        value={chosen}
        onChange={(event) => choose(Number(event.target.value))}
        error={plan.error?.message}
        hint={
          choice && (
            <>
              Pays everything payable now, from <Money amount={choice.minimum} /> on.
            </>
          )
        }
      >
        {choices.map(({ program, minimum }, index) => (
          <option key={`${program.id} ${minimum.currency}`} value={index}>
            {program.name}, {minimum.currency}
          </option>
        ))}
      </SelectField>
    </Dialog>
  );
}
