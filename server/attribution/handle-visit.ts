import type { Database } from "@/server/db";
import { newId } from "@/server/ids";
import { findLink, recordClicks } from "./record-clicks";

/** Answers a visitor of a link: stores the click, then sends them to the link's own destination with the click id in the network's
 *  parameter. Nothing in the request can change where they go. Without a stored click there is no redirect that could lose it:
 *  503 asks the visitor to try again. Fetch-style and free of any framework. */
export async function handleVisit(
  request: Request,
  slug: string,
  door: { database: Database; clock: () => Date },
): Promise<Response> {
  try {
    const now = door.clock();
    const destination = await door.database.asInbox(async (tx) => {
      const link = await findLink(tx, slug);
      if (!link) return undefined;
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
      return url.toString();
    });
    if (!destination) return new Response("This link does not exist or has ended.\n", { status: 404 });
    return new Response(null, { status: 302, headers: { location: destination, "cache-control": "no-store" } });
  } catch {
    return new Response("This link cannot be followed right now. Please try again.\n", {
      status: 503,
      headers: { "retry-after": "5" },
    });
  }
}
