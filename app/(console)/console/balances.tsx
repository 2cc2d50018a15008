"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { balanceId, balanceWords } from "@/app/ui/balance-words";
import { classNames } from "@/app/ui/class-names";
import { ErrorState } from "@/app/ui/error-state";
import { NotUpToDate } from "@/app/ui/not-up-to-date";
import { RollingMoney } from "@/app/ui/rolling-money";
import { Skeleton } from "@/app/ui/skeleton";
import { ThingLink } from "@/app/ui/thing-link";
import { toneText } from "@/app/ui/tones";
import type { BalanceName, CurrencyBalances } from "@/server/insight";

const names = ["held", "payable", "inTransit", "paid"] as const;

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
        {names.map((name) => (
          <p
            key={name}
            title={balanceWords[name].means}
            className="flex items-center justify-end gap-1.5 text-13 text-ink-soft"
          >
            <Label name={name} />
          </p>
        ))}
      </div>
      {query.data ? query.data.map((row) => <CurrencyRow key={row.currency} row={row} />) : <LoadingRows />}
      {query.isError && <NotUpToDate onRetry={() => void query.refetch()} />}
    </section>
  );
}

function CurrencyRow({ row }: { row: CurrencyBalances }) {
  return (
    <dl className="grid border-line border-b py-1 max-sm:grid-cols-2 max-sm:gap-y-2 max-sm:py-3 sm:grid-cols-4 sm:gap-4">
      {names.map((name) => (
        <div key={name} className="sm:flex sm:h-12 sm:items-center sm:justify-end">
          <dt title={balanceWords[name].means} className="flex items-center gap-1.5 text-12 text-ink-soft sm:sr-only">
            <Label name={name} />
          </dt>
          <dd>
            <ThingLink
              href={`/console?open=${balanceId(name, row.currency)}`}
              className={classNames(
                "inline-block rounded-1 font-medium text-16 hover:text-accent-ink sm:text-20",
                row[name].minor === 0n && "font-normal text-ink-faint",
              )}
            >
              <RollingMoney amount={row[name]} />
            </ThingLink>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Label({ name }: { name: BalanceName }) {
  const { word, tone, icon: Icon } = balanceWords[name];
  return (
    <>
      <Icon aria-hidden className={classNames("size-3.5", toneText[tone])} />
      {word}
    </>
  );
}

function LoadingRows() {
  return (
    <div role="status" aria-label="Loading balances">
      {["a", "b", "c"].map((row) => (
        <div key={row} className="grid h-[3.56rem] grid-cols-4 items-center gap-4 border-line border-b">
          {names.map((name) => (
            <Skeleton key={name} className="ml-auto h-5 w-28" />
          ))}
        </div>
      ))}
    </div>
  );
}
