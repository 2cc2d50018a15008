import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/server/access";
import { recordActivity } from "@/server/activity";
import type { Database, Tx } from "@/server/db";
import { endActivityStreams, streamActivity } from "@/server/insight";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

const operator: Actor = { side: "operator", role: "owner", userId: "usr_1", name: "Olive", orgId: "org_1" };
const affiliate: Actor = { side: "affiliate", userId: "usr_2", name: "Mara", orgId: "org_1", affiliateId: "aff_1" };

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let place: TestDatabase;

  beforeAll(async () => {
    place = await openTestDatabase(kind);
  });
  afterAll(() => place.close());

  const tell = (orgId: string, subjectId: string, affiliateId: string | null = null) =>
    place.database.inOrganization(orgId, (tx: Tx) =>
      recordActivity(
        tx,
        [{ kind: "payout.paid", subjectId, affiliateId, details: {}, eventAt: new Date() }],
        new Date(),
      ),
    );

  /** Reads `count` messages while `meanwhile` runs, then hangs up. */
  async function listen(actor: Actor, after: string | null, count: number, meanwhile = async () => {}) {
    const hangUp = new AbortController();
    const seen: { id: string; what: string }[] = [];
    const work = meanwhile();
    for await (const message of streamActivity(place.database, actor, after, hangUp.signal)) {
      seen.push(
        message.type === "deed"
          ? { id: message.event.id, what: message.event.subjectId }
          : { id: message.id, what: "position" },
      );
      if (seen.length === count) hangUp.abort();
    }
    await work;
    return seen;
  }

  test("a stream that resumes after an event gets what came since, once each and in order", async () => {
    const [start] = await listen(operator, null, 1);
    await tell("org_1", "pay_a");
    await tell("org_1", "pay_b");
    const first = await listen(operator, start?.id ?? "", 2);
    expect(first.map((m) => m.what)).toEqual(["pay_a", "pay_b"]);
    await tell("org_1", "pay_c");
    expect((await listen(operator, first[0]?.id ?? "", 2)).map((m) => m.what)).toEqual(["pay_b", "pay_c"]);
  });

  test("what happens while somebody listens arrives without being asked for", async () => {
    const [start] = await listen(operator, null, 1);
    const live = listen(operator, start?.id ?? "", 1, () => tell("org_1", "pay_later"));
    expect((await live).map((m) => m.what)).toEqual(["pay_later"]);
  });

  test("an affiliate hears only what is his, and nobody hears another organization", async () => {
    const [start] = await listen(affiliate, null, 1);
    const after = start?.id ?? "";
    await tell("org_1", "pay_other", "aff_2");
    await tell("org_2", "pay_foreign", "aff_1");
    await tell("org_1", "pay_mine", "aff_1");
    expect((await listen(affiliate, after, 1)).map((m) => m.what)).toEqual(["pay_mine"]);
    expect((await listen(operator, after, 2)).map((m) => m.what)).toEqual(["pay_other", "pay_mine"]);
  });

  test("a place from another database, or one too far back, begins anew and says so", async () => {
    expect((await listen(operator, "99999999999-5", 1)).map((m) => m.what)).toEqual(["position"]);
    await place.database.inOrganization("org_1", (tx) =>
      recordActivity(
        tx,
        Array.from({ length: 501 }, (_, n) => ({
          kind: "payout.paid",
          subjectId: `pay_${n}`,
          details: {},
          eventAt: new Date(),
        })),
        new Date(),
      ),
    );
    expect((await listen(operator, "0-0", 1)).map((m) => m.what)).toEqual(["position"]);
  });

  test("what happens is read once, however many listen, and nobody hears less or what is not his", async () => {
    let reads = 0;
    const inOrganization: Database["inOrganization"] = (orgId, work) => {
      reads++;
      return place.database.inOrganization(orgId, work);
    };
    const database = { ...place.database, inOrganization };
    const hangUps = Array.from({ length: 30 }, () => new AbortController());
    const streams = hangUps.map(({ signal }, n) => {
      const actor: Actor = n === 0 ? operator : { ...affiliate, affiliateId: `aff_${n}` };
      return streamActivity(database, actor, null, signal);
    });
    for (const stream of streams) expect((await stream.next()).value).toMatchObject({ type: "position" });
    const heard = streams.map((stream) => stream.next());
    const atWork = streams.map(() => false);
    heard.forEach((next, n) => {
      void next.then(() => {
        atWork[n] = true;
      });
    });
    await expect.poll(() => reads).toBeGreaterThanOrEqual(61);
    const before = reads;
    await tell("org_1", "pay_of_one", "aff_1");
    expect((await heard[0])?.value).toMatchObject({ type: "deed", event: { subjectId: "pay_of_one" } });
    expect((await heard[1])?.value).toMatchObject({ type: "deed", event: { subjectId: "pay_of_one" } });
    expect(reads - before).toBeLessThan(10);
    expect(atWork.filter(Boolean)).toHaveLength(2);
    for (const hangUp of hangUps) hangUp.abort();
    await Promise.all(heard);
  });

  test("a listener that takes nothing for long misses nothing", async () => {
    const subjects = Array.from({ length: 1300 }, (_, n) => `pay_${n}`);
    const listeners = [new AbortController(), new AbortController()].map((hangUp) => ({
      hangUp,
      stream: streamActivity(place.database, operator, null, hangUp.signal),
    }));
    const hearAll = async ({ hangUp, stream }: (typeof listeners)[number]) => {
      const seen: string[] = [];
      for await (const message of stream) {
        if (message.type === "deed") seen.push(message.event.subjectId);
        if (seen.at(-1) === subjects.at(-1)) hangUp.abort();
      }
      return seen;
    };
    for (const { stream } of listeners) await stream.next();
    const first = listeners.map(({ stream }) => stream.next());
    await tell("org_1", "pay_first");
    for (const next of first) expect((await next).value).toMatchObject({ event: { subjectId: "pay_first" } });
    for (const half of [subjects.slice(0, 650), subjects.slice(650)]) {
      await place.database.inOrganization("org_1", (tx) =>
        recordActivity(
          tx,
          half.map((subjectId) => ({ kind: "payout.paid", subjectId, details: {}, eventAt: new Date() })),
          new Date(),
        ),
      );
    }
    // The second takes nothing until the first has all of it: by then it was handed more than is kept for it.
    for (const listener of listeners) expect(await hearAll(listener)).toEqual(subjects);
  });

  test("hanging up while nothing happens ends the stream", async () => {
    const hangUp = new AbortController();
    const stream = streamActivity(place.database, operator, null, hangUp.signal);
    await stream.next();
    const waiting = stream.next();
    hangUp.abort();
    expect(await waiting).toMatchObject({ done: true });
  });

  test("when the server stops, open streams end and new ones do not begin", async () => {
    const stream = streamActivity(place.database, operator, null, new AbortController().signal);
    await stream.next();
    const waiting = stream.next();
    endActivityStreams(place.database);
    await expect(waiting).rejects.toMatchObject({ code: "unavailable" });
    const later = streamActivity(place.database, operator, null, new AbortController().signal);
    await later.next();
    await expect(later.next()).rejects.toMatchObject({ code: "unavailable" });
  });
});
