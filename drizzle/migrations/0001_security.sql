-- Roles, grants, row-level security and the ledger's own checks.
-- The owner of the schema runs migrations, sign-in and the engine. Tenant data is touched only as tributary_app inside one
-- organization; tributary_inbox may look up a token or a link and insert what arrived, nothing else.
-- The roles exist before any migration runs (server/db/migrate.ts): they belong to the server, not to the database.
GRANT USAGE ON SCHEMA public TO tributary_app, tributary_inbox;
--> statement-breakpoint
-- The rule for every tenant table, now and in later migrations: SELECT secure_tenant_table('name').
CREATE FUNCTION secure_tenant_table(tenant_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format(
    'CREATE POLICY tenant ON %s TO tributary_app USING (org_id = current_setting(''app.org_id'', true)) WITH CHECK (org_id = current_setting(''app.org_id'', true))',
    tenant_table);
END $$;
--> statement-breakpoint
DO $$
DECLARE tenant_table regclass;
BEGIN
  FOR tenant_table IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'org_id' AND NOT a.attisdropped
  LOOP
    PERFORM secure_tenant_table(tenant_table);
  END LOOP;
END $$;
--> statement-breakpoint
-- Records that are changed by operators and verbs.
GRANT SELECT, INSERT, UPDATE ON programs, program_currencies, rules, affiliates, enrolments, destinations, sources, links,
  conversions, commissions, payout_batches, payouts, attempts, tasks, mails, delivery_heads TO tributary_app;
--> statement-breakpoint
-- Findings of a draft are replaced when it is planned again.
GRANT SELECT, INSERT, DELETE ON batch_findings TO tributary_app;
--> statement-breakpoint
-- Append-only records: no UPDATE, no DELETE, for anyone who serves requests.
GRANT SELECT, INSERT ON rule_versions, clicks, conversion_changes, commission_effects, ledger_transactions, ledger_entries,
  payout_events, activity TO tributary_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (balance_minor, version) ON ledger_accounts TO tributary_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (active) ON payout_lines TO tributary_app;
--> statement-breakpoint
-- What arrived stays as it arrived; only its outcome is written later.
GRANT SELECT, UPDATE (result, reason, repeats, external_id, processed_at) ON deliveries TO tributary_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON deliveries TO tributary_app;
--> statement-breakpoint
GRANT SELECT ON organizations, users, memberships TO tributary_app;
--> statement-breakpoint
-- The inbox: works before the organization is known, on behalf of all of them.
GRANT SELECT ON sources, links TO tributary_inbox;
--> statement-breakpoint
GRANT INSERT ON deliveries, clicks, activity TO tributary_inbox;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON delivery_heads TO tributary_inbox;
--> statement-breakpoint
CREATE POLICY inbox_reads ON sources FOR SELECT TO tributary_inbox USING (true);
--> statement-breakpoint
CREATE POLICY inbox_reads ON links FOR SELECT TO tributary_inbox USING (true);
--> statement-breakpoint
CREATE POLICY inbox_inserts ON deliveries FOR INSERT TO tributary_inbox WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY inbox_inserts ON activity FOR INSERT TO tributary_inbox WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY inbox_inserts ON clicks FOR INSERT TO tributary_inbox WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY inbox_heads ON delivery_heads TO tributary_inbox USING (true) WITH CHECK (true);
--> statement-breakpoint
-- The ledger refuses what does not balance: checked once per statement, over the transactions that the statement touched.
-- All entries of a transaction arrive in one statement.
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  SELECT e.transaction_id, e.currency, sum(e.amount_minor) AS residue INTO wrong
    FROM added e GROUP BY e.transaction_id, e.currency HAVING sum(e.amount_minor) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger transaction % does not balance in %: residue % minor units', wrong.transaction_id, wrong.currency, wrong.residue
      USING ERRCODE = 'check_violation';
  END IF;
  SELECT e.transaction_id, e.currency, a.currency AS account_currency INTO wrong
    FROM added e JOIN ledger_accounts a ON a.id = e.account_id WHERE a.currency <> e.currency LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger transaction % posts % to an account in %', wrong.transaction_id, wrong.currency, wrong.account_currency
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();
