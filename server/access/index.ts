export { addMembership, type NewMembership } from "./add-membership";
export { authOf } from "./auth";
export { createUser } from "./create-user";
export { getViewer } from "./get-viewer";
export { elsewhere, type RequestPlace } from "./rules/loopback";
export { mayUseDemoSignIn, signInForDemo } from "./sign-in-for-demo";
export type { Viewer } from "./viewer";
