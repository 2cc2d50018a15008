export { createOrganization } from "./create-organization";
export { isDemo, listOrganizationIds } from "./queries";
