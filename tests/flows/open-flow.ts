import { sql } from "drizzle-orm";
import { releaseHolds } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import { createInbox, handlePostback, processDeliveries } from "@/server/deliveries";
import { openTestDatabase } from "@/tests/support/database";
import { type OrganizationOptions, setUpOrganization } from "@/tests/support/organization";

export type Flow = Awaited<ReturnType<typeof openFlow>>;

/** Where one conversion and its commission stand; the commission's part is null when nothing ever accrued. */
export type Standing = {
  status: string;
  affiliateId: string | null;
  sale: string | null;
  reward: string | null;
  clickRef: string | null;
  subIds: Record<string, string>;
  eventAt: string;
  state: string | null;
  amount: string | null;
  approved: boolean | null;
  released: boolean | null;
  ruleVersionId: string | null;
  holdUntil: string | null;
  effects: string[];
  /** What its movements left on each kind of account, in minor units; accounts that came back to zero are left out. */
  books: Record<string, string>;
};

/** An organization and the whole way from a network's request to its ledger, one delivery in one transaction. */
export async function openFlow(kind: "pglite" | "postgres", begunAt: Date, options: OrganizationOptions = {}) {
  const opened = await openTestDatabase(kind);
  const org = await setUpOrganization(opened.database, begunAt, options);
  let now = begunAt;
  const clock = () => now;
  const door = { inbox: createInbox(opened.database, clock, () => {}), clock, admit: () => 0 };
  const inOrg = <T>(work: (tx: Tx) => Promise<T>) => opened.database.inOrganization(org.orgId, work);

  /** Stores requests with these queries as they come, and answers with what each was told. */
  function store(queries: readonly string[], at = now, token = org.source.token) {
    now = at;
    return Promise.all(
      queries.map(async (query) => {
        const request = new Request(`http://localhost/api/postbacks/${token}?${query}`);
        return (await (await handlePostback(request, token, door)).json()) as { result: string; reason: string | null };
      }),
    );
  }

  /** Gives effect to everything that waits, each delivery in a transaction of its own. */
  async function processAll() {
    while ((await inOrg((tx) => processDeliveries(tx, { limit: 1 }, now))) > 0);
  }

  return {
    org,
    inOrg,
    store,
    processAll,
    /** Stores one request and processes it. */
    async tell(query: string, at = now, token = org.source.token) {
      const [answer] = await store([query], at, token);
      await processAll();
      return answer;
    },
    async release(at = now) {
      now = at;
      return inOrg((tx) => releaseHolds(tx, { limit: 10_000 }, now));
    },
    standingOf: (order: string) => inOrg((tx) => readStanding(tx, order)),
    close: () => opened.close(),
  };
}

async function readStanding(tx: Tx, order: string): Promise<Standing> {
  const [row] = await queryRows<Standing>(
    tx,
    sql`select c.network_status as status, c.affiliate_id as "affiliateId", c.sale_minor::text as sale, c.reward_minor::text as reward,
          c.click_ref as "clickRef", c.sub_ids as "subIds", to_json(c.event_at at time zone 'UTC')#>>'{}' as "eventAt",
          m.state, m.amount_minor::text as amount, m.approved, m.released, m.rule_version_id as "ruleVersionId",
          to_json(m.hold_until at time zone 'UTC')#>>'{}' as "holdUntil",
          coalesce((select jsonb_agg(e.kind order by e.version) from commission_effects e where e.commission_id = m.id), '[]') as effects,
          coalesce((select jsonb_object_agg(kind, minor) from (
            select a.kind, sum(n.amount_minor)::text as minor
            from commission_effects e join ledger_transactions t on t.cause_id = e.id join ledger_entries n on n.transaction_id = t.id
            join ledger_accounts a on a.id = n.account_id where e.commission_id = m.id group by a.kind having sum(n.amount_minor) <> 0) b), '{}') as books
        from conversions c left join commissions m on m.conversion_id = c.id where c.external_id = ${order}`,
  );
  if (!row) throw new Error(`there is no conversion ${order}`);
  return row;
}
