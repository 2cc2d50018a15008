"use client";

import type { QueryKey } from "@tanstack/react-query";
import { type ActivityFilter, useActivity } from "./activity-provider";
import { useRefresher } from "./use-refresher";

/** Reads queries again when something happened that fits the filter: at once, and while more happens again and again, each time 0.7 s after the
 *  last reading ended. Keys come from `trpc.x.y.queryKey()` or `trpc.x.pathKey()`. */
export function useRefreshOn(filter: ActivityFilter, queryKeys: readonly QueryKey[]): void {
  useActivity(filter, useRefresher(queryKeys));
}
