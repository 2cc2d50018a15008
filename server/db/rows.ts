import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "./database";

/** Runs one statement and returns its rows, alike on every driver: int8, numeric, date, timestamptz and interval arrive as text
 *  (`BigInt(row.total_minor)`, `new Date(row.event_at)`), int4 and float8 as number, jsonb parsed, bytea as bytes. */
export async function queryRows<Row extends Record<string, unknown>>(tx: Tx, statement: SQL): Promise<Row[]> {
  const result = (await tx.execute(statement)) as unknown as { rows: Row[] };
  return result.rows;
}

/** Many input rows as one parameter: `from ${jsonRows(rows)} as r(id text, amount_minor bigint)`. bigint travels as
 *  decimal text, Date as ISO text, and the column list of the statement turns both back. */
export function jsonRows(rows: readonly Record<string, unknown>[]): SQL {
  const text = JSON.stringify(rows.map(withoutBigints));
  return sql`jsonb_to_recordset(${text}::text::jsonb)`;
}

/** Columns only, as nothing deeper may hold a bigint: a replacer would be called for every value of every row. */
function withoutBigints(row: Record<string, unknown>): Record<string, unknown> {
  let plain = row;
  for (const column in row) {
    const value = row[column];
    if (typeof value !== "bigint") continue;
    if (plain === row) plain = { ...row };
    plain[column] = value.toString();
  }
  return plain;
}
