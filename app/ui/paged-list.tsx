"use client";

import type { ReactNode } from "react";
import { ErrorState } from "./error-state";
import { LoadMore } from "./load-more";
import { NotUpToDate } from "./not-up-to-date";
import { SkeletonRows } from "./skeleton";

/** The part of an infinite query that a list needs. */
export type PagedQuery = {
  isPending: boolean;
  isError: boolean;
  error: { message: string } | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => Promise<unknown>;
  fetchNextPage: () => Promise<unknown>;
};

/** A list that is read page by page, in each of its states: being read, unreadable, empty, and with rows and the way to more. */
export function PagedList<Row>({
  query,
  rows,
  noun,
  empty,
  children,
}: {
  query: PagedQuery;
  rows: readonly Row[];
  /** Plural: "deliveries". */
  noun: string;
  /** What stands in place of the table while there are no rows. */
  empty: ReactNode;
  /** The table. */
  children: ReactNode;
}) {
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && rows.length === 0) {
    return (
      <ErrorState
        what={`The ${noun} could not be read.`}
        message={query.error?.message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (rows.length === 0) return empty;
  return (
    <>
      {query.isError && <NotUpToDate onRetry={() => void query.refetch()} />}
      {children}
      <LoadMore
        shown={rows.length}
        noun={noun}
        hasMore={query.hasNextPage}
        isLoading={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
      />
    </>
  );
}
