import type { EffectKind } from "@/server/commissions";

/** What a movement of a commission did. */
export const effectWords: Record<EffectKind, string> = {
  accrue: "Accrued",
  adjust: "Amount changed",
  approve: "Approved",
  unapprove: "Approval withdrawn",
  confirm: "Confirmed by the source",
  decline: "Declined",
  reverse: "Taken back",
  reinstate: "Owed again",
  release: "Hold over",
};
