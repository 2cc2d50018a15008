import type { OperatorRole } from "./rules/roles";

/** Who is asking: an operator sees the whole organization and does what the role allows, an affiliate's user sees only that affiliate. */
export type Actor = { readonly userId: string; readonly name: string; readonly orgId: string } & (
  | { readonly side: "operator"; readonly role: OperatorRole }
  | { readonly side: "affiliate"; readonly affiliateId: string }
);
