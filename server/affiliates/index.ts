export { createAffiliate, type NewAffiliate } from "./create-affiliate";
export { enrol } from "./enrol";
export { type Affiliate, currentDestination, type Destination, getAffiliate, listAffiliates } from "./queries";
export { type NewDestination, setDestination } from "./set-destination";
