"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { readAgain } from "./read-again";
import { createRefresher, type Refresher } from "./refresher";

/** A busy stream must not read the same figures a hundred times a second. */
const REST_MS = 700;

/** Gives a function that reads these queries again: at once, and at the earliest 0.7 s after the last reading ended. `[]` as a key means
 *  all queries. Ends with the component. */
export function useRefresher(queryKeys: readonly QueryKey[]): () => void {
  const queryClient = useQueryClient();
  const latest = useRef(queryKeys);
  latest.current = queryKeys;
  const refresher = useRef<Refresher>(undefined);
  useEffect(() => {
    const made = createRefresher(() => readAgain(queryClient, latest.current), REST_MS);
    refresher.current = made;
    return made.stop;
  }, [queryClient]);
  return useCallback(() => refresher.current?.ask(), []);
}
