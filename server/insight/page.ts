import { z } from "zod";

/** The shape of one page of a list of conversions: a database time and an id say where the next one begins. */
export const pageInput = {
  cursor: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d [\d:.+]+ cnv_\w+$/)
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
};

/** A page and where the next one begins; undefined after the last. */
export function pageOf<Row extends { cursor: string }>(
  rows: Row[],
  limit: number,
): { rows: Row[]; nextCursor: string | undefined } {
  return { rows, nextCursor: rows.length === limit ? rows.at(-1)?.cursor : undefined };
}
