import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** The header in which a postback carries its path and query exactly as they came. Next hands a route a URL that it has parsed and written anew
 *  (%20 as +, broken escapes and foreign bytes as something else): no longer what was signed, nor what has to be stored. */
export const RAW_TARGET_HEADER = "x-tributary-target";

/** Keeps the raw target of each postback to this process's web server, from before the server looks at it. Overwrites what a sender put there. */
export function keepRawTargets(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url?.startsWith("/api/postbacks/")) request.headers[RAW_TARGET_HEADER] = request.url;
  });
}
