import type { OperatorRole } from "./roles";

/** A change that a person wants to make to the people of an organization. */
export type PeopleChange = {
  /** The role of who asks; he may manage people. */
  byRole: OperatorRole;
  /** Whether he asks about himself. */
  isSelf: boolean;
  /** What the other is now; null for somebody new. */
  from: OperatorRole | null;
  /** What the other shall be; null: no longer one of the organization. */
  to: OperatorRole | null;
};

/** Whether the change may be made. An organization never runs out of owners: only an owner makes or unmakes owners, and nobody changes what he
 *  is himself. */
export function peopleVerdict({
  byRole,
  isSelf,
  from,
  to,
}: PeopleChange): { may: true } | { may: false; reason: string } {
  if (isSelf) return { may: false, reason: "nobody changes what he is himself; ask another owner or admin" };
  if (byRole !== "owner" && (from === "owner" || to === "owner")) {
    return { may: false, reason: "only an owner makes or unmakes owners" };
  }
  return { may: true };
}
