export { createAffiliate, type NewAffiliate } from "./create-affiliate";
export { enrol } from "./enrol";
export { currentDestination, type Destination } from "./queries";
export { type NewDestination, setDestination } from "./set-destination";
