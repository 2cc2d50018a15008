"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { type ActivityFilter, useActivity } from "./activity-provider";

/** A busy stream must not read the same figures a hundred times a second. */
const AT_MOST_EVERY_MS = 700;

/** Reads queries again when something happened that fits the filter: at once, and then at most every 0.7 s while more happens. Keys come from
 *  `trpc.x.y.queryKey()` or `trpc.x.pathKey()`. */
export function useRefreshOn(filter: ActivityFilter, queryKeys: readonly QueryKey[]): void {
  const queryClient = useQueryClient();
  const latest = useRef(queryKeys);
  latest.current = queryKeys;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isDue = useRef(false);
  const refresh = useCallback(() => {
    if (timer.current !== undefined) {
      isDue.current = true;
      return;
    }
    for (const queryKey of latest.current) void queryClient.invalidateQueries({ queryKey });
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (!isDue.current) return;
      isDue.current = false;
      refresh();
    }, AT_MOST_EVERY_MS);
  }, [queryClient]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useActivity(filter, refresh);
}
