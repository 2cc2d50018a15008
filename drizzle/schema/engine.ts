import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns";

// The embedded engine's own state: no tenant data, so no org_id; only the owner role touches it. Every instant is the engine's
// clock, never now(). JSON is kept as text: jsonb refuses the NUL character, and nothing here is ever searched inside.
// No bigint may be in it.

// One row per event accepted: written by the engine when the SDK sends, read with each run it started. Never updated; deleted
// by retention once no run needs it. The primary key is the caller's own id where it gave one, so a repeat starts nothing.
export const engineEvents = pgTable(
  "engine_events",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** The whole event as the function sees it: id, name, ts, data. */
    payload: text("payload").notNull(),
    receivedAt: instant("received_at").notNull(),
  },
  // Retention walks it from the oldest.
  (t) => [index("engine_events_by_age").on(t.receivedAt)],
);

// One row per function started by an event: written with the event, finished once. Its row lock orders everything that happens
// to the run. The unique pair makes one event start a function at most once.
export const engineRuns = pgTable(
  "engine_runs",
  {
    id: text("id").primaryKey(),
    functionId: text("function_id").notNull(),
    eventId: text("event_id")
      .notNull()
      .references(() => engineEvents.id),
    /** What shares one concurrency limit: the function, or the function and the value of its key. */
    lane: text("lane").notNull(),
    status: text("status", { enum: ["running", "completed", "failed"] }).notNull(),
    /** What the function returned, or the error it ended with. */
    output: text("output"),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    uniqueIndex("engine_runs_once_per_event").on(t.eventId, t.functionId),
    // Retention walks finished runs from the oldest.
    index("engine_runs_finished").on(t.finishedAt).where(sql`finished_at is not null`),
  ],
);

// One row per step a run has reported: planned without an output, settled once with it, then never run again. The run's own
// primary key prefix serves every read but one.
export const engineSteps = pgTable(
  "engine_steps",
  {
    runId: text("run_id")
      .notNull()
      .references(() => engineRuns.id, { onDelete: "cascade" }),
    /** The SDK's hash of the step's name. */
    stepId: text("step_id").notNull(),
    /** A sleep's end; null for a step that runs code. */
    wakeAt: instant("wake_at"),
    /** What the SDK memoises: {"data":…}, {"error":…} or null for a sleep. SQL null while the step is pending. */
    output: text("output"),
    /** The order of completion inside the run, from 1. */
    place: integer("place"),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.stepId] }),
    // Sleeps that are over, the longest over first.
    index("engine_steps_asleep").on(t.wakeAt).where(sql`wake_at is not null and output is null`),
  ],
);

// One row per call of a function that is due or running: inserted with whatever makes it due, leased by one process at a time,
// deleted in the transaction that records its outcome. A null step id asks what comes next ("discovery").
export const engineJobs = pgTable(
  "engine_jobs",
  {
    id: text("id").primaryKey(),
    runId: text("run_id")
      .notNull()
      .references(() => engineRuns.id, { onDelete: "cascade" }),
    stepId: text("step_id"),
    /** Of a step: how many steps had settled when it was planned. Its call is shown only those, for a sibling that failed
     *  meanwhile would make the function throw before it reaches this one. */
    settledBefore: integer("settled_before"),
    lane: text("lane").notNull(),
    /** Attempts that ended in an error, from 0. */
    attempt: integer("attempt").notNull(),
    lastError: text("last_error"),
    dueAt: instant("due_at").notNull(),
    /** Who holds it: an outcome is written only by the holder of the token. */
    leaseToken: text("lease_token"),
    leaseUntil: instant("lease_until"),
    /** Claims of this attempt: more than one means that a process died holding it. */
    claims: integer("claims").notNull(),
  },
  (t) => [
    // The next due jobs of a lane, and by loose scan the lanes themselves.
    index("engine_jobs_due").on(t.lane, t.dueAt, t.id).where(sql`lease_until is null`),
    // How many of a lane are running.
    index("engine_jobs_leased").on(t.lane).where(sql`lease_until is not null`),
    // The longest due jobs of all lanes, and the next moment anything is due. Its predicate says the same of the other lease
    // column on purpose: without statistics (a queue's are always wrong) the planner would read it for a lane's jobs too.
    index("engine_jobs_soonest").on(t.dueAt).where(sql`lease_token is null`),
    // The jobs of a run. A run is never asked twice at once what comes next (a lone new step would run twice), so two null
    // step ids collide like two equal ones.
    unique("engine_jobs_once_per_step").on(t.runId, t.stepId).nullsNotDistinct(),
  ],
);

// One row per cron trigger: written when functions are attached, moved on in the transaction that starts its run.
export const engineCrons = pgTable(
  "engine_crons",
  {
    functionId: text("function_id").notNull(),
    cron: text("cron").notNull(),
    nextAt: instant("next_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.functionId, t.cron] }), index("engine_crons_next").on(t.nextAt)],
);
