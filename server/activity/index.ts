export { type ActivityCursor, type ActivityRow, type ActivityScope, activityAfter, latestActivity } from "./queries";
export { type NewActivity, recordActivity } from "./record-activity";
