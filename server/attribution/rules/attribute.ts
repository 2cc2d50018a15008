import { shorten } from "./shorten";

/** What a conversion says about who sent the buyer. */
export type Reference = { readonly clickRef: string | null; readonly subIds: Readonly<Record<string, string>> };

/** What is known of those references: looked up before, passed in. */
export type Known = {
  /** Click id → its affiliate and program. */
  readonly clicks: ReadonlyMap<string, { affiliateId: string; programId: string }>;
  /** Affiliate id or the operator's external id → affiliate. */
  readonly affiliates: ReadonlyMap<string, string>;
  /** `${programId} ${affiliateId}` of everyone enrolled. */
  readonly enrolments: ReadonlySet<string>;
};

export type Attribution =
  | { kind: "attributed"; affiliateId: string; via: "click" | "sub_id" }
  | { kind: "unattributed"; reason: string };

/** Who is credited with a conversion of a program: the affiliate of the click it names; else the affiliate whose id or external id
 *  stands in one of its sub-ids. Otherwise the reason in words, so that the conversion is parked and not lost. */
export function attribute(programId: string, reference: Reference, known: Known): Attribution {
  const values = subIdValues(reference);
  if (values.length === 0) return unattributed("the source sent neither a click id nor a sub-id");
  const clicked = values.map((value) => known.clicks.get(value)).find((click) => click !== undefined);
  if (clicked) {
    if (clicked.programId !== programId) return unattributed(`the click belongs to program ${clicked.programId}`);
    return enrolled(programId, clicked.affiliateId, "click", known);
  }
  const named = values.map((value) => known.affiliates.get(value)).find((affiliate) => affiliate !== undefined);
  if (named) return enrolled(programId, named, "sub_id", known);
  const shown = values.map((value) => `"${shorten(value, 60)}"`).join(", ");
  return unattributed(`no click and no affiliate is known by ${shown}; waiting for the click to turn up`);
}

/** Every value that may name a click or an affiliate: the click reference first, then sub-ids in the order of their names, since the
 *  database keeps no other. */
export function subIdValues(reference: Reference): string[] {
  const names = Object.keys(reference.subIds).sort();
  const values = [reference.clickRef, ...names.map((name) => reference.subIds[name])];
  return [...new Set(values.flatMap((value) => value || []))];
}

function enrolled(programId: string, affiliateId: string, via: "click" | "sub_id", known: Known): Attribution {
  if (known.enrolments.has(`${programId} ${affiliateId}`)) return { kind: "attributed", affiliateId, via };
  return unattributed(`affiliate ${affiliateId} is not enrolled in program ${programId}`);
}

function unattributed(reason: string): Attribution {
  return { kind: "unattributed", reason };
}
