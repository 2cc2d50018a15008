export { createAffiliate, type NewAffiliate } from "./create-affiliate";
export { enrol } from "./enrol";
