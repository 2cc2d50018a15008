import type { IncomingMessage, ServerResponse } from "node:http";
import { handlePostback, type PostbackDoor } from "@/server/deliveries";
import { log } from "@/server/log";

/** Takes a request and answers it, or leaves it to Next by returning false. */
export type FrontDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** `globalThis`, because `npm start` is outside of what Next bundles, and this process has one inbox. */
const shelf = globalThis as typeof globalThis & { tributaryFrontDoor?: FrontDoor };

/** Any other path, and any other method, is answered by Next's own routes. */
const POSTBACK = /^\/api\/postbacks\/([^/?#]+)(?:\?|$)/;
/** What is still read, and dropped, of a body that nobody wants: most senders read no answer before they have sent all. */
const DROPPED_BYTES_MAX = 16 * 1024 * 1024;

/** Lets `npm start` hand postbacks to the handler before Next sees them. Called when the app has started. */
export function openFrontDoor(postbackDoor: PostbackDoor): void {
  shelf.tributaryFrontDoor = createFrontDoor(postbackDoor);
}

/** The postback route without Next, which spends several times on a request of what the handler does. */
export function createFrontDoor(postbackDoor: PostbackDoor): FrontDoor {
  return (incoming, outgoing) => {
    const { method, url } = incoming;
    const token = url && (method === "GET" || method === "POST") ? POSTBACK.exec(url)?.[1] : undefined;
    if (token === undefined) return false;
    const body = method === "POST" ? bodyOf(incoming) : null;
    handlePostback(toRequest(incoming, body?.stream ?? null), token, postbackDoor)
      .then((response) => send(response, outgoing))
      .catch((error) => {
        log.error({ err: error }, "a postback could not be answered");
        outgoing.destroy();
      })
      .finally(() => body?.drop());
    return true;
  };
}

function toRequest(incoming: IncomingMessage, body: ReadableStream | null): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const url = `http://localhost${incoming.url}`;
  if (body === null) return new Request(url, { headers });
  // `duplex` is asked of every streamed body, and missing in the types.
  return new Request(url, { method: "POST", headers, body, duplex: "half" } as RequestInit);
}

/** A body as it arrives, until it is dropped: then the rest is read and thrown away, since a connection that is closed on a sender would take
 *  the answer along. */
function bodyOf(incoming: IncomingMessage): { stream: ReadableStream<Uint8Array>; drop(): void } {
  let isWanted = true;
  let dropped = 0;
  const drop = () => {
    isWanted = false;
    incoming.resume();
  };
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on("data", (chunk: Buffer) => {
        if (isWanted) {
          controller.enqueue(new Uint8Array(chunk));
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        } else {
          dropped += chunk.byteLength;
          if (dropped > DROPPED_BYTES_MAX) incoming.destroy();
        }
      });
      incoming.once("end", () => isWanted && controller.close());
      incoming.once("close", () => {
        if (isWanted && !incoming.complete) controller.error(new Error("the connection ended before the body did"));
      });
      // What it says comes with `close` as well.
      incoming.on("error", () => {});
    },
    pull: () => void incoming.resume(),
    cancel: drop,
  });
  return { stream, drop };
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), "content-length": body.byteLength });
  outgoing.end(body);
}
