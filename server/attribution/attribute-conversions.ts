import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { type Attribution, attribute, type Known, type Reference, subIdValues } from "./rules/attribute";

/** Finds the affiliate of many conversions with three statements, in the order given. */
export async function attributeConversions(
  tx: Tx,
  conversions: readonly { programId: string; reference: Reference }[],
): Promise<Attribution[]> {
  const values = [...new Set(conversions.flatMap((conversion) => subIdValues(conversion.reference)))];
  const known = await lookUp(tx, values);
  return conversions.map(({ programId, reference }) => attribute(programId, reference, known));
}

async function lookUp(tx: Tx, values: readonly string[]): Promise<Known> {
  if (values.length === 0) return { clicks: new Map(), affiliates: new Map(), enrolments: new Set() };
  const wanted = sql`${jsonRows(values.map((value) => ({ value })))} as w(value text)`;
  // A look-up by key for each value ("limit" keeps it one): joined in any other way, a database without statistics reads all there are.
  const clicks = await queryRows<{ id: string; affiliate_id: string; program_id: string }>(
    tx,
    sql`select k.* from ${wanted}
        cross join lateral (select id, affiliate_id, program_id from clicks where id = w.value limit 1) k`,
  );
  const affiliates = await queryRows<{ id: string; external_id: string | null }>(
    tx,
    sql`select a.* from ${wanted}
        cross join lateral (
          (select id, external_id from affiliates where id = w.value limit 1) union all
          (select id, external_id from affiliates where external_id = w.value limit 1)) a`,
  );
  const credited = [...new Set([...clicks.map((c) => c.affiliate_id), ...affiliates.map((a) => a.id)])];
  const enrolments =
    credited.length === 0
      ? []
      : await queryRows<{ program_id: string; affiliate_id: string }>(
          tx,
          sql`select e.* from ${jsonRows(credited.map((id) => ({ id })))} as c(id text)
              cross join lateral (select program_id, affiliate_id from enrolments where affiliate_id = c.id offset 0) e`,
        );
  return {
    clicks: new Map(clicks.map((c) => [c.id, { affiliateId: c.affiliate_id, programId: c.program_id }])),
    // Our own id comes after, so that it counts where somebody's external id is the same text.
    affiliates: new Map([
      ...affiliates.flatMap((a) => (a.external_id ? [[a.external_id, a.id] as const] : [])),
      ...affiliates.map((a) => [a.id, a.id] as const),
    ]),
    enrolments: new Set(enrolments.map((e) => `${e.program_id} ${e.affiliate_id}`)),
  };
}
