"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { CodeBlock } from "@/app/ui/copy";
import { Dialog } from "@/app/ui/dialog";
import { Field } from "@/app/ui/field";
import type { OperatorRole } from "@/server/access";
import type { Self } from "./people-list";
import { RoleField } from "./role-field";

/** Asks who and as what, and shows the link to pass on. It is shown once. */
export function InviteDialog({ self, onClose }: { self: Self; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const form = useId();
  const [role, setRole] = useState<OperatorRole>("viewer");
  const invite = useMutation(
    trpc.people.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() }),
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const filled = new FormData(event.currentTarget);
    invite.mutate({ name: String(filled.get("name")), email: String(filled.get("email")), role });
  };
  if (invite.data) {
    return (
      <Dialog
        open
        onClose={onClose}
        title="Pass this link on"
        description="Whoever opens it within seven days becomes a member in this role. It is shown only now: send it to the person, and to nobody else."
        footer={
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <CodeBlock code={invite.data.link} label="the invitation's link" />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Invite a person"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} pending={invite.isPending}>
            Make the link
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" name="name" required maxLength={100} autoComplete="off" />
        <Field label="E-mail" name="email" type="email" required maxLength={200} autoComplete="off" />
        <RoleField value={role} onChange={setRole} self={self} />
        {invite.error && (
          <p role="alert" className="text-13 text-reversed">
            {invite.error.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}
