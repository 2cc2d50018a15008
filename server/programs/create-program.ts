import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { isCurrency, type Money } from "@/server/money";
import { dayIn } from "@/server/time";

export type NewProgram = { name: string; currency: string; timeZone: string; minimums: readonly Money[] };

/** Adds a program with the currencies it pays in.
 *  Errors: invalid_input (unknown currency or zone, a minimum of 0 or less). */
export async function createProgram(tx: Tx, input: NewProgram, now: Date): Promise<string> {
  dayIn(now, input.timeZone);
  const unpayable = input.minimums.find((m) => m.minor <= 0n || !isCurrency(m.currency));
  if (!isCurrency(input.currency) || unpayable) {
    throw new Refusal(
      "invalid_input",
      `program "${input.name}": currencies are ISO 4217 codes and minimums are above 0`,
    );
  }
  const id = newId("prg", now);
  await tx.execute(
    sql`insert into programs (id, name, currency, time_zone, created_at)
        values (${id}, ${input.name}, ${input.currency}, ${input.timeZone}, ${now.toISOString()}::timestamptz)`,
  );
  await tx.execute(
    sql`insert into program_currencies (program_id, currency, minimum_payout_minor)
        select ${id}, currency, minor from ${jsonRows(input.minimums)} as m(currency text, minor bigint)`,
  );
  return id;
}
