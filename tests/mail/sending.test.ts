import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMailTransport, type MailTransport, queueMails, resendMail, sendMails } from "@/server/mail";
import { claimMail } from "@/server/mail/claim-mail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type MailBench, openBench } from "./open-bench";
import { openSmtpSink, type SmtpMood, type SmtpSink } from "./smtp-sink";

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let opened: TestDatabase;
  let bench: MailBench;
  let sink: SmtpSink;
  let transport: MailTransport;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    bench = await openBench(opened.database, "2026-03-02T08:00:00Z");
    sink = await openSmtpSink();
    transport = createMailTransport({
      mode: "production",
      smtpUrl: sink.url,
      mailFrom: "Cashback Club <pay@club.example>",
    });
    return () => sink.close();
  });

  const queue = (cause: string) =>
    bench.in((tx) =>
      queueMails(
        tx,
        [
          {
            cause,
            template: "payout_sent",
            affiliateId: bench.affiliates[0]?.id ?? "",
            recipient: "jana@example.com",
            subject: `About ${cause}`,
            html: "<p>12,40 €</p>",
            text: "12,40 €",
            eventAt: bench.now,
          },
        ],
        bench.now,
      ),
    );
  const send = (via: MailTransport = transport, limit = 100) =>
    sendMails({ database: opened.database, clock: () => bench.now, transport: via }, { orgId: bench.orgId, limit });
  const later = (minutes: number) => {
    bench.now = new Date(bench.now.getTime() + minutes * 60_000);
  };
  const states = async () => (await bench.mails()).map(({ state, tries }) => `${state} ${tries}`);

  test("a mail goes out with both versions, a machine's mark and a Message-ID made of its own id", async () => {
    expect(await queue("one")).toBe(1);
    expect(await send()).toBe(1);
    const [mail] = await bench.mails();
    expect(mail).toMatchObject({ state: "sent", tries: 1, reason: null });
    const raw = sink.taken[0] ?? "";
    for (const header of [
      `Message-ID: <${mail?.id}@club.example>`,
      "To: jana@example.com",
      "Subject: About one",
      "Auto-Submitted: auto-generated",
      "From: Cashback Club <pay@club.example>",
    ]) {
      expect(raw).toContain(header);
    }
    expect(raw).toContain("Content-Type: text/plain");
    expect(raw).toContain("Content-Type: text/html");
    expect(await send()).toBe(0);
    expect(sink.taken).toHaveLength(1);
  });

  test("a cause is queued once for ever, also after its mail was sent", async () => {
    await queue("one");
    await send();
    expect(await queue("one")).toBe(0);
    await send();
    expect(sink.taken).toHaveLength(1);
  });

  test("senders at the same time send each mail once", async () => {
    for (let n = 0; n < 12; n++) await queue(`mail-${n}`);
    const claimed = await Promise.all([send(), send(), send()]);
    expect(claimed.reduce((sum, count) => sum + count)).toBe(12);
    const subjects = sink.taken.map((raw) => /Subject: About (\S+)/.exec(raw)?.[1]);
    expect(new Set(subjects).size).toBe(12);
    expect(subjects).toHaveLength(12);
  });

  test("a mail whose sender died between claim and send is unknown, and nobody ever sends it by himself", async () => {
    await queue("one");
    expect(await bench.in((tx) => claimMail(tx, bench.now))).toMatchObject({ recipient: "jana@example.com" });
    later(14);
    expect(await send()).toBe(0);
    expect(await states()).toEqual(["sending 1"]);
    later(2);
    for (let round = 0; round < 5; round++) {
      expect(await send()).toBe(0);
      later(24 * 60);
    }
    expect(await states()).toEqual(["unknown 1"]);
    expect((await bench.mails())[0]?.reason).toContain("it may have arrived and is not sent again by itself");
    expect(sink.taken).toEqual([]);
  });

  test("a mail whose sender died after the server took it is not sent a second time", async () => {
    await queue("one");
    const mail = await bench.in((tx) => claimMail(tx, bench.now));
    if (!mail || transport.kind !== "smtp") throw new Error("nothing was claimed");
    expect(await transport.send(mail)).toEqual({ kind: "sent" });
    later(60);
    await send();
    expect(await states()).toEqual(["unknown 1"]);
    expect(sink.taken).toHaveLength(1);
  });

  test.each<{ mood: SmtpMood; state: string; reason: string; taken: number }>([
    { mood: "refuses the receiver", state: "failed 1", reason: "no such mailbox", taken: 0 },
    { mood: "refuses the content", state: "failed 1", reason: "looks like spam", taken: 0 },
    { mood: "is busy", state: "queued 1", reason: "try 1 of 8: ", taken: 0 },
    {
      mood: "drops the line while it reads",
      state: "unknown 1",
      reason: "the connection broke while it was handed over",
      taken: 0,
    },
    {
      mood: "drops the line after it has read",
      state: "unknown 1",
      reason: "the connection broke while it was handed over",
      taken: 1,
    },
  ])("when the server $mood the mail is $state, with the reason", async ({ mood, state, reason, taken }) => {
    sink.mood = mood;
    await queue("one");
    await send();
    expect(await states()).toEqual([state]);
    expect((await bench.mails())[0]?.reason).toContain(reason);
    expect(sink.taken).toHaveLength(taken);
  });

  test("a busy server is asked eight times in two days, then the mail has failed", async () => {
    sink.mood = "is busy";
    await queue("one");
    const askedAt: number[] = [];
    const start = bench.now.getTime();
    const minutes = [
      0, 0.5, 1, 2, 4, 5, 6, 29, 30, 31, 119, 120, 121, 479, 480, 481, 1439, 1440, 1441, 2879, 2880, 2881, 9999,
    ];
    for (const minute of minutes) {
      bench.now = new Date(start + minute * 60_000);
      if ((await send()) > 0) askedAt.push(minute);
    }
    expect(askedAt).toEqual([0, 1, 5, 30, 120, 480, 1440, 2880]);
    expect(await states()).toEqual(["failed 8"]);
    expect((await bench.mails())[0]?.reason).toContain("given up after 8 tries: ");
  });

  test("a mail that waited for days is tried as patiently as a new one", async () => {
    await queue("one");
    await send(createMailTransport({ mode: "production", smtpUrl: null, mailFrom: "pay@club.example" }));
    later(7 * 24 * 60);
    sink.mood = "is busy";
    for (let n = 0; n < 10; n++) await send();
    expect(await states()).toEqual(["queued 1"]);
    later(1);
    for (let n = 0; n < 10; n++) await send();
    expect(await states()).toEqual(["queued 2"]);
    for (const minutes of [4, 25, 90, 360, 960, 1440]) {
      later(minutes);
      await send();
    }
    expect(await states()).toEqual(["failed 8"]);
    sink.mood = "takes";
    const id = (await bench.mails())[0]?.id ?? "";
    await bench.in((tx) => resendMail(tx, { mailId: id, by: "Anna" }));
    expect((await bench.mails())[0]?.reason).toBe("sent again by Anna");
    await send();
    expect(await states()).toEqual(["sent 1"]);
  });

  test("a server that cannot be reached is asked by one round only, and gets the mails when it is back", async () => {
    const { url } = sink;
    await sink.close();
    for (let n = 0; n < 20; n++) await queue(`mail-${n}`);
    expect(await send()).toBeLessThanOrEqual(4);
    expect((await states()).every((state) => state.startsWith("queued"))).toBe(true);
    const back = await openSmtpSink();
    later(1);
    await send(createMailTransport({ mode: "production", smtpUrl: back.url, mailFrom: "pay@club.example" }));
    expect(back.taken).toHaveLength(20);
    await back.close();
    expect(url).not.toBe(back.url);
  });

  test("a wrong password fails no mail", async () => {
    const wrong = sink.url.replace("smtp://", "smtp://me:wrong@");
    await queue("one");
    await send(createMailTransport({ mode: "production", smtpUrl: wrong, mailFrom: "pay@club.example" }));
    expect(await states()).toEqual(["queued 1"]);
    expect((await bench.mails())[0]?.reason).toContain("wrong password");
  });

  test("an operator sends a failed or unknown mail again, and no other", async () => {
    sink.mood = "refuses the receiver";
    await queue("one");
    await send();
    const id = (await bench.mails())[0]?.id ?? "";
    sink.mood = "takes";
    await bench.in((tx) => resendMail(tx, { mailId: id, by: "Anna" }));
    await send();
    expect(await states()).toEqual(["sent 1"]);
    await expect(bench.in((tx) => resendMail(tx, { mailId: id, by: "Anna" }))).rejects.toThrow(
      `mail ${id} is sent; only a failed or unknown mail can be sent again`,
    );
    await expect(bench.in((tx) => resendMail(tx, { mailId: "mail_none", by: "Anna" }))).rejects.toThrow(
      "mail mail_none does not exist",
    );
  });

  test.each([
    { mode: "production", state: "queued 0", reason: "waits: no SMTP_URL is set; with one it is sent by itself" },
    { mode: "demo", state: "sent 0", reason: "kept in the outbox: no SMTP_URL" },
    { mode: "development", state: "sent 0", reason: "kept in the outbox: no SMTP_URL" },
  ] as const)("without SMTP_URL a mail of $mode is $state, and says why", async ({ mode, state, reason }) => {
    await queue("one");
    await send(createMailTransport({ mode, smtpUrl: null, mailFrom: "pay@club.example" }));
    expect(await states()).toEqual([state]);
    expect((await bench.mails())[0]?.reason).toBe(reason);
  });

  test("mails that waited for an SMTP_URL go out when there is one", async () => {
    await queue("one");
    await send(createMailTransport({ mode: "production", smtpUrl: null, mailFrom: "pay@club.example" }));
    later(7 * 24 * 60);
    await send();
    expect(await states()).toEqual(["sent 1"]);
    expect((await bench.mails())[0]?.reason).toBeNull();
  });

  test("one organization's sender does not see another's mails", async () => {
    await queue("one");
    const stranger = await openBench(opened.database, "2026-03-02T08:00:00Z");
    expect(
      await sendMails(
        { database: opened.database, clock: () => bench.now, transport },
        { orgId: stranger.orgId, limit: 10 },
      ),
    ).toBe(0);
    expect(await stranger.in((tx) => tx.execute(sql`select 1 from mails`))).toMatchObject({ rows: [] });
    expect(await states()).toEqual(["queued 0"]);
  });
});
