"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useShortcut } from "@/app/shell/shortcuts";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { OnlyWhoMay, useDeedRefusal } from "@/app/ui/deeds";
import { EmptyState } from "@/app/ui/empty-state";
import { Money } from "@/app/ui/money";
import { PageHeader } from "@/app/ui/page-header";
import { PagedList } from "@/app/ui/paged-list";
import { StateBadge } from "@/app/ui/state-badge";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import { AttentionList } from "./attention-list";
import { BuildBatch } from "./build-batch";

const PAGE = 30;

/** Payout batches, newest first, live; and the way to build the next one. */
export function BatchList() {
  const trpc = useTRPC();
  const [isBuilding, setBuilding] = useQueryState("build", parseAsBoolean.withDefault(false));
  const build = () => void setBuilding(true);
  const mayBuild = useDeedRefusal("build_batches") === undefined;
  useShortcut({ keys: "b", label: "Build a payout batch", run: build, isOff: !mayBuild });
  const query = useInfiniteQuery(
    trpc.payouts.batches.list.infiniteQueryOptions(
      { limit: PAGE },
      { getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.id : undefined) },
    ),
  );
  useRefreshOn({ kinds: ["batch.", "payout."] }, [trpc.payouts.batches.list.pathKey()]);
  const batches = query.data?.pages.flat() ?? [];
  return (
    <>
      <PageHeader
        title="Payouts"
        sentence="Each batch pays everyone whose hold is over, in one currency of one program, up to a cut-off. Nothing leaves before you approve it."
        actions={
          <OnlyWhoMay deed="build_batches">
            <Button look="primary" shortcut="B" onClick={build}>
              <Plus aria-hidden className="size-4" />
              Build a batch
            </Button>
          </OnlyWhoMay>
        }
      />
      <AttentionList />
      <PagedList
        query={query}
        rows={batches}
        noun="batches"
        empty={
          <EmptyState title="No payout batch yet">
            Build one to see who would be paid, who would not, and why. Building moves no money.
          </EmptyState>
        }
      >
        <Table label="Payout batches">
          <TableHead>
            <HeadCell>Program</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell align="right">Payouts</HeadCell>
            <HeadCell align="right">Total</HeadCell>
            <HeadCell>Cut-off</HeadCell>
            <HeadCell>Approved by</HeadCell>
            <HeadCell align="right">Built</HeadCell>
          </TableHead>
          <tbody>
            {batches.map((batch) => (
              <TableRow key={batch.id}>
                <Cell>
                  <RowLink href={`/console/payouts/${batch.id}`}>{batch.programName}</RowLink>
                </Cell>
                <Cell>
                  <StateBadge of="batch" state={batch.state} />
                </Cell>
                <Cell align="right" className="figures">
                  {batch.payouts.toLocaleString("en")}
                </Cell>
                <Cell align="right">
                  <Money amount={batch.total} />
                </Cell>
                <Cell className="text-ink-soft">
                  <Time at={batch.cutOff} format="date" />
                </Cell>
                <Cell className="text-ink-soft">{batch.approvedBy ?? "nobody yet"}</Cell>
                <Cell align="right" className="text-ink-soft">
                  <Time at={batch.createdAt} />
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </PagedList>
      <BuildBatch open={isBuilding && mayBuild} onClose={() => void setBuilding(null)} />
    </>
  );
}
