/** What an operator may be in an organization. Each of them may see all of it. */
export const OPERATOR_ROLES = ["owner", "admin", "finance", "manager", "viewer"] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** What changes something in an organization, and who may do it: money is finance's, people and settings are an admin's, the daily
 *  traffic is a manager's, and an owner may do all of it. */
const DEEDS = {
  manage_people: { words: "invite people or change their roles", roles: ["owner", "admin"] },
  /** An address is a permission to report: whoever sees it can use it. */
  connect_sources: { words: "see or change where sources report", roles: ["owner", "admin", "manager"] },
  replay_deliveries: { words: "replay deliveries", roles: ["owner", "admin", "manager"] },
  resend_mails: { words: "send mails again", roles: ["owner", "admin", "finance", "manager"] },
  build_batches: { words: "build or discard payout batches", roles: ["owner", "finance"] },
  approve_batches: { words: "approve payout batches", roles: ["owner", "finance"] },
  retry_payouts: { words: "retry payouts", roles: ["owner", "finance"] },
  settle_tasks: { words: "settle tasks", roles: ["owner", "finance"] },
} as const satisfies Record<string, { words: string; roles: readonly OperatorRole[] }>;
export type Deed = keyof typeof DEEDS;

/** Whether an operator may do it; if not, why, in words for him. */
export function mayDo(role: OperatorRole, deed: Deed): { may: true } | { may: false; reason: string } {
  const { words, roles } = DEEDS[deed];
  if (roles.some((one) => one === role)) return { may: true };
  return { may: false, reason: `As ${role} you may not ${words}; ${listed(roles)} may.` };
}

/** What an operator may not do, each with its reason. */
export function deedRefusals(role: OperatorRole): { [D in Deed]?: string } {
  const verdicts = (Object.keys(DEEDS) as Deed[]).map((deed) => [deed, mayDo(role, deed)] as const);
  return Object.fromEntries(verdicts.flatMap(([deed, verdict]) => (verdict.may ? [] : [[deed, verdict.reason]])));
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
