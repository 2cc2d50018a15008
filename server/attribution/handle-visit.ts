import type { Database } from "@/server/db";
import { newId } from "@/server/ids";
import { errorLine } from "@/server/log";
import { findLink, recordClicks } from "./record-clicks";
import { isSlug } from "./rules/slug";

/** Visits of one link that are stored in a minute, in each process: far more than a campaign brings, far less than a flood. */
const VISITS_PER_MINUTE = 6_000;

const logNotStored = errorLine("a click could not be stored");

export type VisitDoor = {
  database: Database;
  clock: () => Date;
  /** Seconds to wait, or 0 to go on. */
  admit(key: string, perMinute: number): number;
};

/** Answers a visitor of a link: stores the click, then sends them to the link's own destination with the click id in the network's
 *  parameter. Nothing in the request can change where they go. Without a stored click there is no redirect that could lose it:
 *  503 asks the visitor to try again. Fetch-style and free of any framework. */
export async function handleVisit(request: Request, slug: string, door: VisitDoor): Promise<Response> {
  if (!isSlug(slug)) return notThere();
  try {
    const now = door.clock();
    const { destination, waitSeconds } = await door.database.asInbox(async (tx) => {
      const link = await findLink(tx, slug);
      if (!link) return { destination: null, waitSeconds: 0 };
      const waitSeconds = door.admit(link.linkId, VISITS_PER_MINUTE);
      if (waitSeconds > 0) return { destination: null, waitSeconds };
      const click = {
        ...link,
        id: newId("clk", now),
        userAgent: request.headers.get("user-agent"),
        referrer: request.headers.get("referer"),
        eventAt: now,
      };
      await recordClicks(tx, [click], now);
      const url = new URL(link.destinationUrl);
      url.searchParams.set(link.subIdParameter, click.id);
      return { destination: url.toString(), waitSeconds };
    });
    if (waitSeconds > 0) return later(429, waitSeconds);
    if (destination === null) return notThere();
    return new Response(null, { status: 302, headers: { location: destination, "cache-control": "no-store" } });
  } catch (error) {
    logNotStored(error);
    return later(503, 5);
  }
}

function notThere(): Response {
  return new Response("This link does not exist or has ended.\n", { status: 404 });
}

function later(status: 429 | 503, seconds: number): Response {
  return new Response("This link cannot be followed right now. Please try again.\n", {
    status,
    headers: { "retry-after": String(seconds) },
  });
}
