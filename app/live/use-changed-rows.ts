"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { changedIds, type MarkedRow } from "./changed-ids";

/** As long as `animate-changed` lasts. */
const TINT_MS = 1500;

const NONE: ReadonlySet<string> = new Set();

/** Which rows came or changed while somebody looked at this list, for as long as they are tinted. `list` names what is listed: with another filter
 *  nothing is new. `rows` is undefined until they have been read. */
export function useChangedRows(list: string, rows: readonly MarkedRow[] | undefined): ReadonlySet<string> {
  const [changed, setChanged] = useState(NONE);
  const shown = useRef<{ list: string; rows: readonly MarkedRow[] }>(undefined);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  // Before the browser paints, or the row would stand there plain for a moment.
  useLayoutEffect(() => {
    if (!rows) return;
    const ids = shown.current?.list === list ? changedIds(shown.current.rows, rows) : [];
    shown.current = { list, rows };
    if (ids.length === 0) return;
    setChanged((current) => new Set([...current, ...ids]));
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      setChanged((current) => new Set([...current].filter((id) => !ids.includes(id))));
    }, TINT_MS);
    timers.current.add(timer);
  }, [list, rows]);
  useEffect(() => {
    const started = timers.current;
    return () => {
      for (const timer of started) clearTimeout(timer);
      started.clear();
    };
  }, []);
  return changed;
}
