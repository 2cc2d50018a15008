import type { Database } from "@/server/db";
import { log } from "@/server/log";

/** Rings when there may be something new to read for one organization. */
export type Bell = {
  /** Resolves at the next ring (at once when it rang since the last call), when the signal aborts, or when all streams must end. */
  rung(signal: AbortSignal): Promise<"rung" | "over">;
  leave(): void;
};

/** Lets a burst of commits gather into one reading; far below what a person sees as a delay. */
const GATHER_MS = 50;
/** The net under NOTIFY: finds what a lost notification, or a row behind an older open transaction, left unread. */
const POLL_MS = 1000;

type Ear = { orgId: string; ring: () => void };

type Hub = { ears: Set<Ear>; stop: (() => void) | undefined; isOver: boolean };

/** `globalThis`, because Next may load this module more than once in a process; one hub listens for all of them. */
const shelf = globalThis as typeof globalThis & { tributaryActivityHubs?: WeakMap<Database, Hub> };

/** Takes a bell. The process listens and polls only while somebody has one. */
export function joinActivityHub(database: Database, orgId: string): Bell {
  const hub = hubOf(database);
  const { bell, ear } = makeBell(orgId, hub, () => {
    hub.ears.delete(ear);
    if (hub.ears.size > 0) return;
    hub.stop?.();
    hub.stop = undefined;
  });
  hub.ears.add(ear);
  hub.stop ??= startListening(database, hub.ears);
  return bell;
}

/** Ends every stream over a database, now and from now on: a server cannot stop while one is open, and the browsers come back by
 *  themselves when it is up again. */
export function endActivityStreams(database: Database): void {
  const hub = hubOf(database);
  hub.isOver = true;
  for (const ear of hub.ears) ear.ring();
}

function hubOf(database: Database): Hub {
  shelf.tributaryActivityHubs ??= new WeakMap();
  const hub = shelf.tributaryActivityHubs.get(database) ?? { ears: new Set(), stop: undefined, isOver: false };
  shelf.tributaryActivityHubs.set(database, hub);
  return hub;
}

function makeBell(orgId: string, hub: Readonly<Hub>, leave: () => void): { bell: Bell; ear: Ear } {
  let hasRung = false;
  let wake: (() => void) | undefined;
  const ear = {
    orgId,
    ring: () => {
      hasRung = true;
      wake?.();
    },
  };
  const rung = async (signal: AbortSignal) => {
    if (!hasRung && !signal.aborted && !hub.isOver) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener("abort", ear.ring, { once: true });
      });
      signal.removeEventListener("abort", ear.ring);
      wake = undefined;
    }
    hasRung = false;
    return hub.isOver ? "over" : "rung";
  };
  return { bell: { rung, leave }, ear };
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
  const stop = () => {
    stopListening?.().catch((error) => log.warn({ err: error }, "stopped listening for activity uncleanly"));
  };
  database
    .listen("activity", (orgId) => {
      due.add(orgId);
      gathering ??= setTimeout(ringDue, GATHER_MS);
    })
    .then(
      (end) => {
        stopListening = end;
        if (isStopped) stop();
      },
      (error) => log.warn({ err: error }, "cannot listen for activity; reading it once a second instead"),
    );
  return () => {
    isStopped = true;
    clearInterval(poll);
    clearTimeout(gathering);
    stop();
  };
}
