"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";

/** Takes an invitation back: its link lets nobody in any more. */
export function RevokeButton({ invitation }: { invitation: { id: string; name: string } }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.people.revoke.mutationOptions({
      onSuccess: () => toast.success("Taken back. The link is of no use any more."),
      onError: (error) => toast.error(error.message),
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.people.pathKey() }),
    }),
  );
  return (
    <Button
      size="small"
      pending={revoke.isPending}
      onClick={() => revoke.mutate({ invitationId: invitation.id })}
      aria-label={`Take back the invitation of ${invitation.name}`}
    >
      Take back
    </Button>
  );
}
