"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, ChevronRight } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useTRPC } from "@/app/trpc/client";
import { ErrorState } from "@/app/ui/error-state";
import { NotUpToDate } from "@/app/ui/not-up-to-date";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";

const kinds = [
  { name: "drafts", one: "batch to approve", many: "batches to approve", href: "/console/payouts" },
  { name: "alarms", one: "alarm of a rail", many: "alarms of a rail", href: "/console/tasks" },
  { name: "unknown", one: "unknown payout", many: "unknown payouts", href: "/console/payouts?attention=unknown" },
  { name: "failed", one: "failed payout", many: "failed payouts", href: "/console/payouts?attention=failed" },
  {
    name: "quarantined",
    one: "delivery in quarantine",
    many: "deliveries in quarantine",
    href: "/console/deliveries?result=quarantined",
  },
  {
    name: "parked",
    one: "conversion without affiliate",
    many: "conversions without affiliate",
    href: "/console/conversions?attention=parked",
  },
  {
    name: "unpriced",
    one: "conversion without commission",
    many: "conversions without commission",
    href: "/console/conversions?attention=unpriced",
  },
] as const;

/** What only a person can move on, each with its count and the way there. */
export function Tasks() {
  const trpc = useTRPC();
  const query = useQuery(trpc.overview.waiting.queryOptions());
  return (
    <Section title="Needs you">
      {query.isError && !query.data && (
        <ErrorState what="This could not be read" message={query.error.message} onRetry={() => void query.refetch()} />
      )}
      {query.isError && query.data && <NotUpToDate onRetry={() => void query.refetch()} />}
      {query.isPending && <SkeletonRows rows={4} />}
      {query.data && (
        <List
          waiting={kinds
            .filter(({ name }) => query.data[name] > 0)
            .map((kind) => ({ ...kind, count: query.data[kind.name] }))}
        />
      )}
    </Section>
  );
}

function List({ waiting }: { waiting: readonly ((typeof kinds)[number] & { count: number })[] }) {
  if (waiting.length === 0) {
    return (
      <p className="flex h-10 items-center gap-2 text-13 text-ink-soft">
        <Check aria-hidden className="size-4 text-paid" />
        Nothing waits for you.
      </p>
    );
  }
  return (
    <ul className="-mt-1">
      {waiting.map(({ name, one, many, href, count }) => (
        <li key={name}>
          <Link
            href={href as Route}
            className="group flex h-10 items-center gap-3 border-line border-b px-1 text-13 hover:bg-sunken/60"
          >
            <span className="figures min-w-6 text-right font-semibold text-14">{count.toLocaleString("en")}</span>
            {count === 1 ? one : many}
            <ChevronRight aria-hidden className="ml-auto size-4 text-ink-faint group-hover:text-ink" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
