"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { Dialog } from "@/app/ui/dialog";
import { Field } from "@/app/ui/field";
import { type Task, taskWords } from "./task-words";

/** Asks how a task was dealt with, and closes it. */
export function CloseDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [note, setNote] = useState("");
  const close = useMutation(
    trpc.tasks.close.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.tasks.pathKey() });
        void queryClient.invalidateQueries({ queryKey: trpc.overview.pathKey() });
        toast.success("Closed.");
        onClose();
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Close “${taskWords[task.kind].title}”?`}
      description="Nothing about the payout changes. Your name and your note are kept with the task."
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button
            look="primary"
            disabled={note.trim().length < 3}
            pending={close.isPending}
            onClick={() => close.mutate({ taskId: task.id, note })}
          >
            Close the task
          </Button>
        </>
      }
    >
      <Field
        label="What did you do about it?"
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.target.value)}
        error={close.error?.message}
      />
    </Dialog>
  );
}
