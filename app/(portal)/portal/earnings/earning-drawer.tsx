"use client";

import { useQuery } from "@tanstack/react-query";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { Id } from "@/app/ui/copy";
import { Drawer } from "@/app/ui/drawer";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { Money } from "@/app/ui/money";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StageLine } from "@/app/ui/stage-line";
import { StateBadge } from "@/app/ui/state-badge";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";

/** One earning: where it stands, what comes next, and how the amount came about. */
export function EarningDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const isOpen = openId?.startsWith("cnv_") === true;
  const query = useQuery({ ...trpc.portal.earning.queryOptions({ conversionId: openId ?? "" }), enabled: isOpen });
  useRefreshOn({}, [trpc.portal.earning.pathKey()]);
  const earning = query.data;
  return (
    <Drawer
      open={isOpen}
      onClose={close}
      title={earning ? `Order ${earning.externalId}` : "Earning"}
      description={openId && <Id id={openId} />}
    >
      {query.isPending && <SkeletonRows rows={4} />}
      {query.isError && !earning && (
        <ErrorState
          what="This earning could not be read."
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      )}
      {earning && (
        <>
          <StageLine stage={earning.stage} size="full" area="portal" />
          <Section
            title="What you earn"
            aside={
              earning.commission && (
                <span className="flex items-center gap-3">
                  <StateBadge of="commission" state={earning.commission.state} />
                  <Money amount={earning.commission.amount} className="font-medium" />
                </span>
              )
            }
          >
            <p className="text-13">{earning.explanation}</p>
          </Section>
          <Facts>
            <Fact name="From">{earning.sourceName}</Fact>
            <Fact name="Sold">
              <Time at={earning.eventAt} timeZone={earning.stage.timeZone} />
            </Fact>
            <Fact name="Last changed">
              <Time at={earning.updatedAt} timeZone={earning.stage.timeZone} />
            </Fact>
          </Facts>
        </>
      )}
    </Drawer>
  );
}
