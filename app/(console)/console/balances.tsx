"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { CheckCheck, CircleDot, Hourglass, type LucideIcon, Send } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { classNames } from "@/app/ui/class-names";
import { ErrorState } from "@/app/ui/error-state";
import { RollingMoney } from "@/app/ui/rolling-money";
import { Skeleton } from "@/app/ui/skeleton";
import { toneText } from "@/app/ui/tones";
import type { CurrencyBalances } from "@/server/insight";

type Column = {
  name: "held" | "payable" | "inTransit" | "paid";
  word: string;
  means: string;
  tone: "held" | "payable" | "transit" | "paid";
  icon: LucideIcon;
  href: string;
};

const columns: readonly Column[] = [
  {
    name: "held",
    word: "Held",
    means: "Earned; waits for approval and the end of its hold",
    tone: "held",
    icon: Hourglass,
    href: "/console/conversions",
  },
  {
    name: "payable",
    word: "Payable",
    means: "Goes into the next payout batch",
    tone: "payable",
    icon: CircleDot,
    href: "/console/payouts",
  },
  {
    name: "inTransit",
    word: "In transit",
    means: "Approved and on its way",
    tone: "transit",
    icon: Send,
    href: "/console/payouts",
  },
  { name: "paid", word: "Paid", means: "Has arrived", tone: "paid", icon: CheckCheck, href: "/console/payouts" },
];

/** What stands where, a row per currency: amounts of different currencies are never added up. */
export function Balances({ query }: { query: UseQueryResult<CurrencyBalances[], { message: string }> }) {
  if (query.isError && !query.data) {
    return (
      <ErrorState
        what="The balances could not be read"
        message={query.error.message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return (
    <section aria-label="Balances">
      <div aria-hidden className="grid grid-cols-4 gap-4 border-line border-b pb-2 max-sm:hidden">
        {columns.map(({ name, word, means, tone, icon: Icon }) => (
          <p key={name} title={means} className="flex items-center justify-end gap-1.5 text-13 text-ink-soft">
            <Icon className={classNames("size-3.5", toneText[tone])} />
            {word}
          </p>
        ))}
      </div>
      {query.data ? query.data.map((row) => <CurrencyRow key={row.currency} row={row} />) : <LoadingRows />}
    </section>
  );
}

function CurrencyRow({ row }: { row: CurrencyBalances }) {
  return (
    <dl className="grid border-line border-b py-1 max-sm:grid-cols-2 max-sm:gap-y-2 max-sm:py-3 sm:grid-cols-4 sm:gap-4">
      {columns.map(({ name, word, means, tone, icon: Icon, href }) => (
        <div key={name} className="sm:flex sm:h-12 sm:items-center sm:justify-end">
          <dt title={means} className="flex items-center gap-1.5 text-12 text-ink-soft sm:sr-only">
            <Icon aria-hidden className={classNames("size-3.5", toneText[tone])} />
            {word}
          </dt>
          <dd>
            <Link
              href={href as Route}
              className={classNames(
                "inline-block rounded-1 font-medium text-16 hover:text-accent-ink sm:text-20",
                row[name].minor === 0n && "font-normal text-ink-faint",
              )}
            >
              <RollingMoney amount={row[name]} />
            </Link>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function LoadingRows() {
  return (
    <div role="status" aria-label="Loading balances">
      {["a", "b", "c"].map((row) => (
        <div key={row} className="grid h-[3.56rem] grid-cols-4 items-center gap-4 border-line border-b">
          {columns.map(({ name }) => (
            <Skeleton key={name} className="ml-auto h-5 w-28" />
          ))}
        </div>
      ))}
    </div>
  );
}
