import { boot } from "@/server/boot";

/** Starts background work after a commit. Losing the event loses nothing: a sweep starts the same work.
 *  Errors: whatever keeps the event from being stored. */
export async function sendEvent(event: { name: string; data: Record<string, unknown> }): Promise<void> {
  const { inngest } = await boot();
  await inngest.send(event);
}
