"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { classNames } from "@/app/ui/class-names";
import { ErrorState } from "@/app/ui/error-state";
import { NotUpToDate } from "@/app/ui/not-up-to-date";
import { Section } from "@/app/ui/section";
import { Skeleton } from "@/app/ui/skeleton";
import { Time } from "@/app/ui/time";
import type { RouterOutput } from "@/server/trpc/router";

const lines = [
  {
    name: "accepted",
    word: "Deliveries accepted",
    means: "Requests that were stored and understood",
    mustBeZero: false,
  },
  {
    name: "duplicates",
    word: "Duplicates ignored",
    means: "Repeats: stored, and without any effect",
    mustBeZero: false,
  },
  { name: "lost", word: "Lost", means: "Accepted deliveries that left nothing behind", mustBeZero: true },
  {
    name: "paidTwice",
    word: "Paid twice",
    means: "Amounts that two paid payouts contain",
    mustBeZero: true,
  },
] as const;

/** As often as the server counts anew. */
const COUNT_EVERY_MS = 60_000;

/** What is promised of every request and every cent, counted over everything once a minute. */
export function ProofStrip() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.overview.proof.queryOptions(), refetchInterval: COUNT_EVERY_MS });
  const { data } = query;
  return (
    <Section
      title="Counted, not claimed"
      aside={
        data && (
          <p className="text-12 text-ink-faint">
            counted <Time at={data.countedAt} />
          </p>
        )
      }
    >
      {query.isError && !data ? (
        <ErrorState
          what="This could not be counted"
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Counts proof={data} />
      )}
      {query.isError && data && <NotUpToDate onRetry={() => void query.refetch()} />}
    </Section>
  );
}

/** `proof` is undefined until it has been counted. */
function Counts({ proof }: { proof: RouterOutput["overview"]["proof"] | undefined }) {
  return (
    <dl className="-mt-1">
      {lines.map(({ name, word, means, mustBeZero }) => {
        const count = proof?.[name];
        const isWrong = mustBeZero && count !== undefined && count > 0;
        return (
          <div
            key={name}
            title={means}
            className="flex h-10 items-center justify-between gap-3 border-line border-b px-1 text-13"
          >
            <dt className="text-ink-soft">{word}</dt>
            <dd
              className={classNames(
                "figures font-semibold text-14",
                mustBeZero && count === 0 && "text-paid",
                isWrong && "text-reversed",
              )}
            >
              {count === undefined ? <Skeleton className="h-4 w-8" /> : count.toLocaleString("en")}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
