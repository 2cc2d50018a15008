export { dayWords, momentWords } from "./day-words";
export { dayIn, daysLater, latestSlot } from "./zones";
