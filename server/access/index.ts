export type { Actor } from "./actor";
export { addMembership, type NewMembership } from "./add-membership";
export { answerAuth } from "./answer-auth";
export { createUser } from "./create-user";
export { getActor } from "./get-actor";
export { elsewhere, type RequestPlace } from "./rules/loopback";
export { type Deed, deedRefusals, mayDo, OPERATOR_ROLES, type OperatorRole } from "./rules/roles";
export { mayUseDemoSignIn, signInForDemo } from "./sign-in-for-demo";
