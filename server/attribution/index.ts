export { attributeConversions } from "./attribute-conversions";
export { createLink, type NewLink } from "./create-link";
export { handleVisit, type VisitDoor } from "./handle-visit";
export { type NewClick, recordClicks } from "./record-clicks";
export type { Attribution, Reference } from "./rules/attribute";
