"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useTRPC } from "@/app/trpc/client";
import type { ActivityEvent } from "@/server/insight";
import { markUnseen } from "./mark-unseen";
import { useRefresher } from "./use-refresher";

type Listener = (event: ActivityEvent) => void;
type Live = { state: "connecting" | "live" | "waiting"; listen: (listener: Listener) => () => void };

const LiveContext = createContext<Live | null>(null);

/** Where this tab stands in the stream: a reload goes on from here. */
const STORED_AS = "tributary-last-event";

const RETRY_MS = 3000;

/** The key that every other begins with. */
const EVERYTHING = [[]] as const;

/** Opens the one event stream of this tab and hands what comes to every screen inside; what other screens have read before counts as out of date
 *  from then on. It resumes after the last event seen, by itself
 *  after a broken connection and from session storage after a reload. */
export function ActivityProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [listeners] = useState(() => new Set<Listener>());
  const [lastEventId, setLastEventId] = useState(storedPlace);
  const [isRead, setIsRead] = useState(false);
  useEffect(() => setIsRead(true), []);
  const readAll = useRefresher(EVERYTHING);
  const { status, reset } = useSubscription(
    trpc.activity.stream.subscriptionOptions(
      { lastEventId },
      {
        enabled: isRead,
        onData: ({ id, data }) => {
          sessionStorage.setItem(STORED_AS, id);
          if (data.type === "position") return readAll();
          // At each event: what is only marked now and then is missed by a screen that opens in between.
          markUnseen(queryClient);
          for (const listener of [...listeners]) listener(data.event);
        },
      },
    ),
  );
  // A broken connection is mended by the browser; what comes here was refused. Reading again tells whether the session ended.
  useEffect(() => {
    if (status !== "error") return undefined;
    readAll();
    const timer = setTimeout(() => {
      setLastEventId(storedPlace);
      reset();
    }, RETRY_MS);
    return () => clearTimeout(timer);
  }, [status, reset, readAll]);
  const state = status === "pending" ? "live" : status === "error" ? "waiting" : "connecting";
  const live = useMemo<Live>(
    () => ({
      state,
      listen: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    [state, listeners],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

function storedPlace(): string | null {
  return typeof window === "undefined" ? null : sessionStorage.getItem(STORED_AS);
}

/** Which events a screen cares for: beginnings of kinds ("payout."), one thing, one batch. Everything that is given must fit. */
export type ActivityFilter = { kinds?: readonly string[]; subjectId?: string; batchId?: string };

/** Calls the handler for each event that fits, while the component is on screen. */
export function useActivity(filter: ActivityFilter, handler: Listener): void {
  const { listen } = useLive();
  const latest = useRef({ filter, handler });
  latest.current = { filter, handler };
  useEffect(() => listen((event) => fits(event, latest.current.filter) && latest.current.handler(event)), [listen]);
}

/** Whether the stream is open. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive is called outside ActivityProvider");
  return live;
}

function fits(event: ActivityEvent, { kinds, subjectId, batchId }: ActivityFilter): boolean {
  return (
    (kinds === undefined || kinds.some((kind) => event.kind.startsWith(kind))) &&
    (subjectId === undefined || event.subjectId === subjectId) &&
    (batchId === undefined || event.batchId === batchId)
  );
}
