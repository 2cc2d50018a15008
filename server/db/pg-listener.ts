import pg from "pg";
import { log } from "@/server/log";
import type { Database } from "./database";

const RECONNECT_MS = 1_000;

/** LISTEN over one connection of its own, shared by all channels and opened at the first. A lost connection is opened again
 *  every second; notices sent meanwhile are lost, which the callers' poll makes good. */
export function pgListener(connectionString: string): { listen: Database["listen"]; close(): Promise<void> } {
  const callbacks = new Map<string, Set<(payload: string) => void>>();
  let client: Promise<pg.Client> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({ connectionString, keepAlive: true, application_name: "tributary-listen" });
    opened.on("error", (error) => log.warn({ reason: error.message }, "the listening connection was lost"));
    opened.on("end", reconnectLater);
    opened.on("notification", ({ channel, payload }) => {
      for (const callback of callbacks.get(channel) ?? []) callback(payload ?? "");
    });
    await opened.connect();
    for (const channel of callbacks.keys()) await opened.query(`listen ${pg.escapeIdentifier(channel)}`);
    return opened;
  }

  function reconnectLater(): void {
    client = undefined;
    if (isClosed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      open().catch(reconnectLater);
    }, RECONNECT_MS);
    timer.unref();
  }

  function open(): Promise<pg.Client> {
    client ??= connect();
    return client;
  }

  return {
    async listen(channel, onNotify) {
      const known = callbacks.get(channel) ?? new Set();
      known.add(onNotify);
      callbacks.set(channel, known);
      try {
        await (await open()).query(`listen ${pg.escapeIdentifier(channel)}`);
      } catch {
        reconnectLater();
      }
      return async () => void known.delete(onNotify);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const opened = await client?.catch(() => undefined);
      await opened?.end();
    },
  };
}
