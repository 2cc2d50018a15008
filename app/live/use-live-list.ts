"use client";

import {
  hashKey,
  type InfiniteData,
  keepPreviousData,
  type QueryKey,
  type UseInfiniteQueryOptions,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import type { ActivityFilter } from "./activity-provider";
import { useChangedRows } from "./use-changed-rows";
import { useRefreshOn } from "./use-refresh-on";

/** A page of a list: its rows, alone or with what says where the next page begins. */
type PageOf<Row> = readonly Row[] | { readonly rows: readonly Row[] };

type RowOf<Page> = Page extends readonly (infer Row)[]
  ? Row
  : Page extends { readonly rows: readonly (infer Row)[] }
    ? Row
    : never;

export type LiveList<Row, Failure> = {
  query: UseInfiniteQueryResult<unknown, Failure>;
  /** Of all pages that were read, in order. */
  rows: readonly Row[];
  /** Ids of the rows that came or changed just now: TableRow's `changed`. */
  changed: ReadonlySet<string>;
};

/** A list that is read page by page and again whenever something happens that fits the filter. While another filter is being read the old rows stay.
 *  `markOf` says everything about a row whose change a reader should notice; without it only new rows count as changed.
 *  Options come from `trpc.x.list.infiniteQueryOptions(…)`. */
export function useLiveList<Page extends PageOf<{ id: string }>, Failure, Key extends QueryKey, Cursor>(
  options: UseInfiniteQueryOptions<Page, Failure, InfiniteData<Page, Cursor>, Key, Cursor>,
  filter: ActivityFilter,
  markOf?: (row: RowOf<Page>) => string,
): LiveList<RowOf<Page>, Failure> {
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData });
  useRefreshOn(filter, [options.queryKey]);
  const { data, isPlaceholderData } = query;
  const rows = useMemo(() => data?.pages.flatMap(rowsOf<Page>) ?? [], [data]);
  const marked = useMemo(
    () => (data && !isPlaceholderData ? rows.map((row) => ({ id: row.id, mark: markOf?.(row) ?? "" })) : undefined),
    [data, isPlaceholderData, rows, markOf],
  );
  return { query, rows, changed: useChangedRows(hashKey(options.queryKey), marked) };
}

function rowsOf<Page extends PageOf<{ id: string }>>(page: Page): readonly (RowOf<Page> & { id: string })[] {
  return (Array.isArray(page) ? page : (page as { rows: unknown }).rows) as readonly (RowOf<Page> & { id: string })[];
}
