export { dayIn, daysLater, latestSlot } from "./zones";
