import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** The header in which a postback carries its path and query exactly as they came. Next hands a route a URL that it has parsed and written anew
 *  (%20 as +, broken escapes and foreign bytes as something else): no longer what was signed, nor what has to be stored. */
export const RAW_TARGET_HEADER = "x-tributary-target";

/** Keeps the raw target of each postback to this process's web server, from before the server looks at it. What a sender put there himself is
 *  gone from every request: a postback may come by an address that is written in another way. */
export function keepRawTargets(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    delete request.headers[RAW_TARGET_HEADER];
    if (request.url?.startsWith("/api/postbacks/")) request.headers[RAW_TARGET_HEADER] = request.url;
  });
}
