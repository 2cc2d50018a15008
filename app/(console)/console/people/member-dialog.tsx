"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { Dialog } from "@/app/ui/dialog";
import type { OperatorRole } from "@/server/access";
import type { Member, Self } from "./people-list";
import { RoleField } from "./role-field";

/** Gives a member another role, or removes them. */
export function MemberDialog({ self, member, onClose }: { self: Self; member: Member; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<OperatorRole>(member.role);
  const change = useMutation(
    trpc.people.change.mutationOptions({
      onSuccess: (_nothing, { to }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() });
        toast.success(
          to === null ? `${member.name} is out, and signed out.` : `${member.name} has the new role at once.`,
        );
        onClose();
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={member.name}
      description={member.email}
      footer={
        <>
          <Button
            look="danger"
            pending={change.isPending && change.variables.to === null}
            onClick={() => change.mutate({ userId: member.userId, to: null })}
          >
            Remove
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={role === member.role}
            pending={change.isPending && change.variables.to !== null}
            onClick={() => change.mutate({ userId: member.userId, to: role })}
          >
            Save
          </Button>
        </>
      }
    >
      <RoleField value={role} onChange={setRole} self={self} />
      {change.error && (
        <p role="alert" className="mt-2 text-13 text-reversed">
          {change.error.message}
        </p>
      )}
    </Dialog>
  );
}
