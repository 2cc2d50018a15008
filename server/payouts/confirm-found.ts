import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { Rail } from "@/server/rails";
import { railWord } from "./rules/rail-words";

/** Asks the rail about the batch id that a person read there, before it is recorded: a mistyped one would leave its payouts waiting for ever. A rail
 *  that cannot be asked contradicts nobody. Runs outside a transaction but for its own reads.
 *  Errors: not_found (attempt), invalid_input (the rail does not know the batch, or it holds none of the attempt's payouts). */
export async function confirmFound(
  context: { inOrganization: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>; rails: readonly Rail[] },
  { attemptId, providerBatchId }: { attemptId: string; providerBatchId: string },
): Promise<void> {
  const payouts = await context.inOrganization((tx) =>
    queryRows<{ id: string; rail: string }>(tx, sql`select id, rail from payouts where attempt_id = ${attemptId}`),
  );
  const [first] = payouts;
  if (!first) throw new Refusal("not_found", `there is no attempt ${attemptId}`);
  const found = await context.rails.find(({ name }) => name === first.rail)?.lookUp(providerBatchId);
  const rail = railWord(first.rail);
  if (found?.kind === "not_found") {
    throw new Refusal("invalid_input", `${rail} does not know batch ${providerBatchId}; check the id once more`);
  }
  const ours = new Set(payouts.map(({ id }) => id));
  const holdsOthers =
    found?.kind === "found" && found.items.length > 0 && !found.items.some((item) => ours.has(item.payoutId));
  if (!holdsOthers) return;
  throw new Refusal("invalid_input", `batch ${providerBatchId} at ${rail} holds none of these payouts; check the id`);
}
