import { elsewhere, type RequestPlace } from "@/server/access";

/** What is known of a request for the outbox, and of the installation that got it. */
export type OutboxRequest = Omit<RequestPlace, "origin"> & { readonly mode: string };

/** Whether the outbox may be read without signing in: only in demo and development, and only from this very machine. */
export function mayReadOutbox({ mode, ...place }: OutboxRequest): boolean {
  if (mode !== "demo" && mode !== "development") return false;
  return elsewhere({ ...place, origin: null }) === null;
}
