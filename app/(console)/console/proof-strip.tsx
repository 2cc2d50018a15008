"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/app/trpc/client";
import { classNames } from "@/app/ui/class-names";
import { Section } from "@/app/ui/section";
import { Skeleton } from "@/app/ui/skeleton";

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
  { name: "lost", word: "Lost", means: "Accepted deliveries that left nothing behind, counted now", mustBeZero: true },
  {
    name: "paidTwice",
    word: "Paid twice",
    means: "Amounts that two paid payouts contain, counted now",
    mustBeZero: true,
  },
] as const;

/** What is promised of every request and every cent, counted over everything each time it is shown. */
export function ProofStrip() {
  const trpc = useTRPC();
  // Repeats move nothing, so that no event announces them.
  const { data } = useQuery({ ...trpc.overview.proof.queryOptions(), refetchInterval: 5000 });
  return (
    <Section title="Counted, not claimed">
      <dl className="-mt-1">
        {lines.map(({ name, word, means, mustBeZero }) => {
          const count = data?.[name];
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
    </Section>
  );
}
