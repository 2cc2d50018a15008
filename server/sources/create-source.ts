import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId, newToken } from "@/server/ids";
import { type AmountFormat, isCurrency } from "@/server/money";
import { type NetworkStatus, networkNamed } from "@/server/networks";

export type NewSource = {
  programId: string;
  name: string;
  network: string;
  /** When set, every request must be signed with it. */
  signingSecret: string | null;
  amountFormat?: AmountFormat;
  defaultCurrency: string | null;
  defaultStatus?: NetworkStatus;
};

/** Connects a network or shop to a program and gives it a postback address of its own.
 *  Errors: not_found (network), invalid_input (currency, a signing secret shorter than 16 characters). */
export async function createSource(tx: Tx, input: NewSource, now: Date): Promise<{ id: string; token: string }> {
  networkNamed(input.network);
  if (input.defaultCurrency !== null && !isCurrency(input.defaultCurrency)) {
    throw new Refusal(
      "invalid_input",
      `source "${input.name}": "${input.defaultCurrency}" is not a currency code of ISO 4217`,
    );
  }
  if (input.signingSecret !== null && input.signingSecret.length < 16) {
    throw new Refusal("invalid_input", `source "${input.name}": a signing secret has at least 16 characters`);
  }
  const source = { id: newId("src", now), token: newToken() };
  await tx.execute(
    sql`insert into sources (id, program_id, name, network, token, signing_secret, amount_format, default_currency, default_status, created_at)
        values (${source.id}, ${input.programId}, ${input.name}, ${input.network}, ${source.token}, ${input.signingSecret},
          ${input.amountFormat ?? "plain"}, ${input.defaultCurrency}, ${input.defaultStatus ?? "pending"}, ${now.toISOString()}::timestamptz)`,
  );
  return source;
}
