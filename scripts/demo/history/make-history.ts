import { handleVisit } from "@/server/attribution";
import { releaseHolds } from "@/server/commissions";
import type { Database } from "@/server/db";
import { createInbox, handlePostback, type Inbox, processDeliveries } from "@/server/deliveries";
import { assertInvariant } from "@/server/errors";
import { awinDialect } from "@/simulator/networks/awin";
import type { Dialect, OutgoingRequest } from "@/simulator/networks/dialect";
import { genericDialect } from "@/simulator/networks/generic";
import type { HistoryEvent } from "./plan-history";
import { type DemoOrganization, type DemoSource, slugOf } from "./set-up";

const DAY_MS = 24 * 3_600_000;
const LATELY_MS = 2 * DAY_MS;
const BURST_MS = 10 * 60_000;
/** More than a day brings. */
const CHUNK = 1_000;

/** `voice` words its reports as it always did. */
type Source = DemoSource & { voice: Dialect; url: string };

/** A stretch of the history: what happened until `end`, and was booked then. */
type Stretch = { end: Date; events: HistoryEvent[] };

/** Lets planned events happen through the product's own doors. Long ago networks reported every other night, lately at once: that keeps
 *  the making of months short and the newest rows true to life. At each of `halts`, when everything before it has been booked, `onHalt` is called: what people do at a desk is done then. */
export async function makeHistory(
  database: Database,
  organization: DemoOrganization,
  plan: { events: readonly HistoryEvent[]; halts: readonly Date[]; now: Date },
  onHalt: (at: Date) => Promise<void>,
): Promise<void> {
  const world = openWorld(database, organization);
  const halts = new Set(plan.halts.map((at) => at.getTime()));
  for (const { end, events } of stretchesOf(plan)) {
    for (const event of events) if (event.kind === "visit") await visit(world, event);
    for (const group of withoutRepeats(events))
      await Promise.all(group.map((event) => report(world, event, arrivalOf(event, end))));
    await database.inOrganization(organization.orgId, async (tx) => {
      if (events.some(({ kind }) => kind === "report")) await processDeliveries(tx, { limit: CHUNK }, end);
      await releaseHolds(tx, { limit: CHUNK }, end);
    });
    if (halts.has(end.getTime())) await onHalt(end);
  }
}

function stretchesOf({
  events,
  halts,
  now,
}: {
  events: readonly HistoryEvent[];
  halts: readonly Date[];
  now: Date;
}): Stretch[] {
  const stretches: Stretch[] = [];
  let rest = [...events];
  for (const end of endsOf(events, halts, now)) {
    const next = rest.findIndex(({ at }) => at.getTime() >= end);
    const taken = next < 0 ? rest : rest.slice(0, next);
    rest = next < 0 ? [] : rest.slice(next);
    if (taken.length > 0 || halts.some((halt) => halt.getTime() === end))
      stretches.push({ end: new Date(end), events: taken });
  }
  return stretches;
}

/** Every other midnight, halts, and lately the second after each event. */
function endsOf(events: readonly HistoryEvent[], halts: readonly Date[], now: Date): number[] {
  const first = events[0]?.at.getTime() ?? now.getTime();
  const lately = now.getTime() - LATELY_MS;
  const midnights = [];
  for (let day = Math.ceil(first / DAY_MS); day * DAY_MS < lately; day += 2) midnights.push(day * DAY_MS);
  const soonAfter = events.flatMap(({ at }) => (at.getTime() < lately ? [] : [at.getTime() + 1_000]));
  const ends = [...midnights, ...soonAfter, ...halts.map((at) => at.getTime()), now.getTime()];
  return [...new Set(ends)].filter((end) => end <= now.getTime()).sort((a, b) => a - b);
}

type World = {
  database: Database;
  organization: DemoOrganization;
  inbox: Inbox;
  sources: ReadonlyMap<string, Source>;
  /** The click ids that visits got, by the plan's name for them. */
  clicks: Map<string, string>;
};

function openWorld(database: Database, organization: DemoOrganization): World {
  const sources = organization.sources.map((source): [string, Source] => {
    const url = `http://localhost/api/postbacks/${source.token}`;
    const { habits: seed, secret } = source;
    const voice =
      source.dialect === "awin" ? awinDialect({ url }) : genericDialect({ url, seed, secret: secret ?? undefined });
    return [source.key, { ...source, url, voice }];
  });
  return {
    database,
    organization,
    inbox: createInbox(
      database,
      () => new Date(),
      () => {},
    ),
    sources: new Map(sources),
    clicks: new Map(),
  };
}

/** In the minutes before everything is booked: a delivery that waited for days would look like a fault. */
function arrivalOf(event: HistoryEvent, end: Date): Date {
  const burst = end.getTime() - BURST_MS + (event.at.getTime() % BURST_MS);
  return new Date(Math.max(event.at.getTime(), burst));
}

async function visit(
  { database, organization, sources, clicks }: World,
  event: Extract<HistoryEvent, { kind: "visit" }>,
) {
  const source = sources.get(event.source);
  const affiliate = organization.affiliates[event.person];
  assertInvariant(source && affiliate, `the plan names ${event.source} and person ${event.person}`);
  const request = new Request("http://localhost/go", { headers: { "user-agent": "Mozilla/5.0 (simulated shopper)" } });
  const door = { database, clock: () => event.at, admit: () => 0 };
  const response = await handleVisit(request, slugOf(affiliate.person, source), door);
  const location = response.headers.get("location");
  assertInvariant(location, `the link ${slugOf(affiliate.person, source)} answered ${response.status}`);
  const click = [...new URL(location).searchParams.values()].find((value) => value.startsWith("clk_"));
  assertInvariant(click, `the redirect ${location} carries no click`);
  clicks.set(event.click, click);
}

async function report(
  { organization, inbox, sources, clicks }: World,
  event: Exclude<HistoryEvent, { kind: "visit" }>,
  at: Date,
) {
  const source = sources.get(event.source);
  assertInvariant(source, `the plan names ${event.source}`);
  const request = event.kind === "unreadable" ? unreadable(source) : encode(source, event, organization, clicks, at);
  const { url, ...init } = request;
  const door = { inbox, clock: () => at, admit: () => 0 };
  const response = await handlePostback(new Request(url, init), source.token, door);
  const text = await response.text();
  assertInvariant(response.ok, `a postback of ${source.name} was answered ${response.status}: ${text}`);
}

function encode(
  source: Source,
  event: Extract<HistoryEvent, { kind: "report" }>,
  { affiliates }: DemoOrganization,
  clicks: ReadonlyMap<string, string>,
  at: Date,
): OutgoingRequest {
  const named = event.click === null ? affiliates[event.person ?? -1]?.externalId : clicks.get(event.click);
  const request = source.voice.encode(event.report, named ?? "clk_lost_in_a_redirect", at);
  assertInvariant(request, `${source.name} says nothing of a ${event.report.state} conversion`);
  return request;
}

function unreadable(source: Source): OutgoingRequest {
  const query = "click_id={click_id}&transaction_id={transaction_id}&payout={payout}&currency=EUR&status=approved";
  return { url: `${source.url}?${query}`, method: "GET", headers: {} };
}

/** Groups that may arrive together: what is said of one conversion comes one after the other. */
function withoutRepeats(events: readonly HistoryEvent[]): Exclude<HistoryEvent, { kind: "visit" }>[][] {
  const groups: Exclude<HistoryEvent, { kind: "visit" }>[][] = [];
  const seen = new Map<string, number>();
  for (const event of events) {
    if (event.kind === "visit") continue;
    const key = event.kind === "report" ? `${event.source} ${event.report.externalId}` : event.kind;
    const turn = seen.get(key) ?? 0;
    seen.set(key, turn + 1);
    groups[turn] = [...(groups[turn] ?? []), event];
  }
  return groups;
}
