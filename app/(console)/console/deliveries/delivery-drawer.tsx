"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { CodeBlock, Id } from "@/app/ui/copy";
import { OnlyWhoMay } from "@/app/ui/deeds";
import { Drawer } from "@/app/ui/drawer";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { NotUpToDate } from "@/app/ui/not-up-to-date";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StateBadge } from "@/app/ui/state-badge";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import type { RouterOutput } from "@/server/trpc/router";
import { deliveryState } from "./delivery-state";

type Delivery = RouterOutput["deliveries"]["get"];

/** One delivery: what it caused, and the bytes as they arrived. */
export function DeliveryDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const isOpen = openId?.startsWith("dlv_") === true;
  const query = useQuery({ ...trpc.deliveries.get.queryOptions({ deliveryId: openId ?? "" }), enabled: isOpen });
  useRefreshOn({ kinds: ["delivery.", "conversion."] }, [trpc.deliveries.get.pathKey()]);
  return (
    <Drawer open={isOpen} onClose={close} title="Delivery" description={openId && <Id id={openId} />}>
      {query.isPending && <SkeletonRows rows={5} />}
      {query.isError && !query.data && (
        <ErrorState
          what="This delivery could not be read."
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isError && query.data && <NotUpToDate onRetry={() => void query.refetch()} />}
      {query.data && <DeliveryInFull delivery={query.data} />}
    </Drawer>
  );
}

function DeliveryInFull({ delivery }: { delivery: Delivery }) {
  const state = deliveryState(delivery);
  return (
    <>
      <Facts>
        <Fact name="Result">
          <StateBadge of="delivery" state={state} />
        </Fact>
        {delivery.reason && <Fact name="Why">{delivery.reason}</Fact>}
        <Fact name="Source">{delivery.sourceName}</Fact>
        <Fact name="Received">
          <Time at={delivery.receivedAt} />
        </Fact>
        {delivery.processedAt && (
          <Fact name="Processed">
            <Time at={delivery.processedAt} />
          </Fact>
        )}
        <Fact name="Signature">{signatureWords[delivery.signed]}</Fact>
        {delivery.repeats && (
          <Fact name="Repeats">
            <ThingLink href={`/console/deliveries?open=${delivery.repeats}`} className="underline underline-offset-4">
              …{delivery.repeats.slice(-8)}
            </ThingLink>
          </Fact>
        )}
      </Facts>
      {delivery.result === "quarantined" && delivery.truncatedAt === null && (
        <OnlyWhoMay deed="replay_deliveries">
          <Replay deliveryId={delivery.id} />
        </OnlyWhoMay>
      )}
      <Section title="What it caused">
        {delivery.changes.length === 0 ? (
          <p className="text-13 text-ink-soft">{nothingCaused[state]}</p>
        ) : (
          <ul className="flex flex-col gap-1.5 text-13">
            {delivery.changes.map((change) => (
              <li key={`${change.conversionId} ${change.version}`} className="flex items-center gap-3">
                <StateBadge of="conversion" state={change.toStatus} />
                <ThingLink
                  href={`/console/conversions?open=${change.conversionId}`}
                  className="underline underline-offset-4"
                >
                  Change {change.version} of order {delivery.externalId}
                </ThingLink>
                {!change.applied && <span className="text-ink-faint">older than what we held: kept, no effect</span>}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Request">
        <CodeBlock label="request line" code={`${delivery.method} ${delivery.target}`} />
        <CodeBlock label="headers" code={headerLines(delivery.headers)} className="mt-2" />
      </Section>
      <Section
        title={`Body, ${delivery.bodyBytes.toLocaleString("en")} bytes${delivery.truncatedAt === null ? "" : ", cut"}`}
      >
        {delivery.bodyBytes === 0 ? (
          <p className="text-13 text-ink-soft">No body.</p>
        ) : (
          <CodeBlock label="body" code={delivery.bodyText} />
        )}
      </Section>
    </>
  );
}

function Replay({ deliveryId }: { deliveryId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const replay = useMutation(
    trpc.deliveries.replay.mutationOptions({
      onSuccess: (replayed) => {
        void queryClient.invalidateQueries({ queryKey: trpc.deliveries.pathKey() });
        if (replayed.result === "accepted") toast.success("Understood now; its effects come in a moment.");
        else toast.warning(`Still not understood: ${replayed.reason}`);
      },
      onError: (error) => toast.error(error.message),
    }),
  );
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button pending={replay.isPending} onClick={() => replay.mutate({ deliveryId })}>
        Replay
      </Button>
      <p className="text-13 text-ink-soft">Reads the stored bytes again with the source's settings of now.</p>
    </div>
  );
}

const signatureWords: Record<Delivery["signed"], string> = {
  unsigned: "None asked for: a claim until the source confirms it",
  valid: "Valid: proven to come from the source",
  refused: "Refused",
};

const nothingCaused: Record<string, string> = {
  accepted: "It says what we already held: no effect.",
  waiting: "It waits for its turn.",
  duplicate: "Nothing: it repeats what was said before.",
  quarantined: "Nothing until it is understood. It stays here, whole.",
  refused: "Nothing: it was refused.",
};

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
