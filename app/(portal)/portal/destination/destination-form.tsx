"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { ErrorState } from "@/app/ui/error-state";
import { Field } from "@/app/ui/field";
import { SkeletonRows } from "@/app/ui/skeleton";
import { Time } from "@/app/ui/time";

/** Shows where the money goes and changes it. */
export function DestinationForm() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery(trpc.portalPayouts.destination.queryOptions());
  const [receiver, setReceiver] = useState<string | null>(null);
  const save = useMutation(
    trpc.portalPayouts.setDestination.mutationOptions({
      onSuccess: () => {
        setReceiver(null);
        void queryClient.invalidateQueries({ queryKey: trpc.portalPayouts.destination.queryKey() });
        toast.success("Saved.", {
          description: "Payouts go there after three days, so that you can object if it was not you.",
        });
      },
    }),
  );
  if (query.isPending) return <SkeletonRows rows={2} />;
  if (query.isError && query.data === undefined) {
    return (
      <ErrorState
        what="Your destination could not be read."
        message={query.error.message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const current = query.data;
  return (
    <form
      className="flex max-w-md flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (receiver !== null) save.mutate({ receiver });
      }}
    >
      <Field
        label="PayPal e-mail address"
        type="email"
        autoComplete="email"
        required
        value={receiver ?? current?.receiver ?? ""}
        onChange={(event) => setReceiver(event.target.value)}
        error={save.error?.message}
        hint={
          current ? (
            <>
              Set on <Time at={current.since} format="date" />.
              {current.coolsUntil !== null && current.coolsUntil > new Date() && (
                <>
                  {" "}
                  Payouts go there <Time at={current.coolsUntil} />: that gives you time to object if it was not you who
                  changed it.
                </>
              )}
            </>
          ) : (
            "None set yet: without it you cannot be paid."
          )
        }
      />
      <div>
        <Button
          look="primary"
          type="submit"
          pending={save.isPending}
          disabled={receiver === null || receiver === current?.receiver}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
