import { boot } from "@/server/boot";
import { log } from "@/server/log";

/** Starts background work after a commit. Never throws: what was committed stands, and a sweep starts the same work. */
export async function sendEvent(event: { name: string; data: Record<string, unknown> }): Promise<void> {
  try {
    const { inngest } = await boot();
    await inngest.send(event);
  } catch (error) {
    log.warn({ err: error, event: event.name }, "an event was lost; the sweep starts its work");
  }
}
