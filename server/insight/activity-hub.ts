import type { Database } from "@/server/db";
import { log } from "@/server/log";

/** Rings when there may be something new to read for one organization. */
export type Bell = {
  /** Resolves at the next ring, at once when it rang since the last call, and when the signal aborts. */
  rung(signal: AbortSignal): Promise<void>;
  leave(): void;
};

/** Lets a burst of commits gather into one reading; far below what a person sees as a delay. */
const GATHER_MS = 50;
/** The net under NOTIFY: finds what a lost notification, or a row behind an older open transaction, left unread. */
const POLL_MS = 1000;

type Ear = { orgId: string; ring: () => void };

type Hub = { ears: Set<Ear>; stop: (() => void) | undefined };

/** `globalThis`, because Next may load this module more than once in a process; one hub listens for all of them. */
const shelf = globalThis as typeof globalThis & { tributaryActivityHubs?: WeakMap<Database, Hub> };

/** Takes a bell. The process listens and polls only while somebody has one. */
export function joinActivityHub(database: Database, orgId: string): Bell {
  shelf.tributaryActivityHubs ??= new WeakMap();
  const hub: Hub = shelf.tributaryActivityHubs.get(database) ?? { ears: new Set(), stop: undefined };
  shelf.tributaryActivityHubs.set(database, hub);
  const { bell, ear } = makeBell(orgId, () => {
    hub.ears.delete(ear);
    if (hub.ears.size > 0) return;
    hub.stop?.();
    hub.stop = undefined;
  });
  hub.ears.add(ear);
  hub.stop ??= startListening(database, hub.ears);
  return bell;
}

function makeBell(orgId: string, onLeave: () => void): { bell: Bell; ear: Ear } {
  let hasRung = false;
  let wake: (() => void) | undefined;
  const ear = {
    orgId,
    ring: () => {
      hasRung = true;
      wake?.();
    },
  };
  const bell: Bell = {
    async rung(signal) {
      if (!hasRung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        wake = undefined;
      }
      hasRung = false;
    },
    leave: onLeave,
  };
  return { bell, ear };
}

function startListening(database: Database, ears: ReadonlySet<Ear>): () => void {
  let isStopped = false;
  let stopListening: (() => Promise<void>) | undefined;
  const due = new Set<string>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const ringDue = () => {
    gathering = undefined;
    for (const ear of ears) if (due.has(ear.orgId)) ear.ring();
    due.clear();
  };
  const poll = setInterval(() => {
    for (const ear of ears) ear.ring();
  }, POLL_MS);
  database
    .listen("activity", (orgId) => {
      due.add(orgId);
      gathering ??= setTimeout(ringDue, GATHER_MS);
    })
    .then(
      (stop) => {
        stopListening = stop;
        if (isStopped) void stop();
      },
      (error) => log.warn({ err: error }, "cannot listen for activity; reading it once a second instead"),
    );
  return () => {
    isStopped = true;
    clearInterval(poll);
    clearTimeout(gathering);
    stopListening?.().catch((error) => log.warn({ err: error }, "stopped listening for activity uncleanly"));
  };
}
