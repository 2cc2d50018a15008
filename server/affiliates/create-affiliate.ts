import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { dayIn } from "@/server/time";

export type NewAffiliate = {
  name: string;
  email: string;
  /** The operator's own id of the person. */
  externalId?: string | null;
  /** BCP 47; decides how amounts and dates are written. */
  locale?: string;
  timeZone?: string;
};

/** Adds an affiliate.
 *  Errors: invalid_input (time zone, locale), conflict (the external id is taken). */
export async function createAffiliate(tx: Tx, input: NewAffiliate, now: Date): Promise<string> {
  const { locale = "en", timeZone = "UTC", externalId = null } = input;
  dayIn(now, timeZone);
  if (!isLocale(locale)) throw new Refusal("invalid_input", `"${locale}" is not a language tag like en or de-AT`);
  const id = newId("aff", now);
  const inserted = await queryRows(
    tx,
    sql`insert into affiliates (id, external_id, name, email, locale, time_zone, created_at)
        values (${id}, ${externalId}, ${input.name}, ${input.email}, ${locale}, ${timeZone}, ${now.toISOString()}::timestamptz)
        on conflict (org_id, external_id) do nothing returning id`,
  );
  if (inserted.length === 0)
    throw new Refusal("conflict", `an affiliate with external id "${externalId}" exists already`);
  return id;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
