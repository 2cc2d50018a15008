import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { isSlug } from "./rules/slug";

export type NewLink = {
  programId: string;
  sourceId: string;
  affiliateId: string;
  slug: string;
  destinationUrl: string;
  /** The parameter that carries our click id to the network. */
  subIdParameter: string;
};

/** Makes an affiliate's address for one destination.
 *  Errors: invalid_input (destination is not an http address, slug has other characters than a-z 0-9 -), conflict (slug is taken). */
export async function createLink(tx: Tx, input: NewLink, now: Date): Promise<string> {
  if (!isSlug(input.slug)) {
    throw new Refusal("invalid_input", `"${input.slug}" is not a link name: 3 to 64 of a-z, 0-9 and -`);
  }
  if (!URL.canParse(input.destinationUrl) || !/^https?:$/.test(new URL(input.destinationUrl).protocol)) {
    throw new Refusal("invalid_input", `"${input.destinationUrl}" is not an http or https address`);
  }
  const id = newId("lnk", now);
  const inserted = await queryRows(
    tx,
    sql`insert into links (id, program_id, source_id, affiliate_id, slug, destination_url, sub_id_parameter, created_at)
        values (${id}, ${input.programId}, ${input.sourceId}, ${input.affiliateId}, ${input.slug}, ${input.destinationUrl},
          ${input.subIdParameter}, ${now.toISOString()}::timestamptz)
        on conflict (slug) do nothing returning id`,
  );
  if (inserted.length === 0) throw new Refusal("conflict", `the link name "${input.slug}" is taken`);
  return id;
}
