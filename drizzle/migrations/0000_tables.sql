CREATE TABLE "credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"issuer" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"organization_id" text NOT NULL,
	"role" text NOT NULL,
	"affiliate_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token_once" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_once" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "activity" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "activity_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tx_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"affiliate_id" text,
	"batch_id" text,
	"details" jsonb NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "affiliates" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"external_id" text,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"locale" text DEFAULT 'en' NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "destinations" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"affiliate_id" text NOT NULL,
	"rail" text NOT NULL,
	"receiver" text NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enrolments" (
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"program_id" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "enrolments_program_id_affiliate_id_pk" PRIMARY KEY("program_id","affiliate_id")
);
--> statement-breakpoint
CREATE TABLE "clicks" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"link_id" text NOT NULL,
	"program_id" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"user_agent" text,
	"referrer" text,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "links" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"program_id" text NOT NULL,
	"source_id" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"slug" text NOT NULL,
	"destination_url" text NOT NULL,
	"sub_id_parameter" text NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commission_effects" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"commission_id" text NOT NULL,
	"version" integer NOT NULL,
	"affiliate_id" text NOT NULL,
	"program_id" text NOT NULL,
	"kind" text NOT NULL,
	"change_id" text,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"held_delta_minor" bigint NOT NULL,
	"payable_delta_minor" bigint NOT NULL,
	"trace" jsonb NOT NULL,
	"rule_version_id" text NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commissions" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"conversion_id" text NOT NULL,
	"source_id" text NOT NULL,
	"program_id" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"rule_version_id" text NOT NULL,
	"state" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"reward_minor" bigint,
	"reward_currency" text,
	"trust" text NOT NULL,
	"approved" boolean NOT NULL,
	"released" boolean NOT NULL,
	"hold_until" timestamp with time zone NOT NULL,
	"trace" jsonb NOT NULL,
	"version" integer NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "commissions_amount_not_negative" CHECK ("commissions"."amount_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "conversion_changes" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"conversion_id" text NOT NULL,
	"version" integer NOT NULL,
	"delivery_id" text NOT NULL,
	"applied" boolean NOT NULL,
	"from_status" text,
	"to_status" text NOT NULL,
	"trust" text NOT NULL,
	"sale_minor" bigint,
	"sale_currency" text,
	"reward_minor" bigint,
	"reward_currency" text,
	"ordering_key" text,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversions" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"source_id" text NOT NULL,
	"program_id" text NOT NULL,
	"external_id" text NOT NULL,
	"network_status" text NOT NULL,
	"trust" text NOT NULL,
	"funding" text DEFAULT 'unfunded' NOT NULL,
	"review" text DEFAULT 'clean' NOT NULL,
	"sale_minor" bigint,
	"sale_currency" text,
	"reward_minor" bigint,
	"reward_currency" text,
	"click_ref" text,
	"sub_ids" jsonb NOT NULL,
	"ordering_keys" jsonb NOT NULL,
	"affiliate_id" text,
	"attributed_via" text,
	"unattributed_reason" text,
	"unpriced_reason" text,
	"version" integer NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversions_sale_complete" CHECK (("conversions"."sale_minor" is null) = ("conversions"."sale_currency" is null) and "conversions"."sale_minor" >= 0),
	CONSTRAINT "conversions_reward_complete" CHECK (("conversions"."reward_minor" is null) = ("conversions"."reward_currency" is null) and "conversions"."reward_minor" >= 0),
	CONSTRAINT "conversions_attributed_or_reason" CHECK (("conversions"."affiliate_id" is null) = ("conversions"."unattributed_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "engine_crons" (
	"function_id" text NOT NULL,
	"cron" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "engine_crons_function_id_cron_pk" PRIMARY KEY("function_id","cron")
);
--> statement-breakpoint
CREATE TABLE "engine_events" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"payload" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "engine_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"step_id" text,
	"settled_before" integer,
	"lane" text NOT NULL,
	"attempt" integer NOT NULL,
	"last_error" text,
	"due_at" timestamp with time zone NOT NULL,
	"lease_token" text,
	"lease_until" timestamp with time zone,
	"claims" integer NOT NULL,
	CONSTRAINT "engine_jobs_once_per_step" UNIQUE NULLS NOT DISTINCT("run_id","step_id")
);
--> statement-breakpoint
CREATE TABLE "engine_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"function_id" text NOT NULL,
	"event_id" text NOT NULL,
	"lane" text NOT NULL,
	"status" text NOT NULL,
	"output" text,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "engine_steps" (
	"run_id" text NOT NULL,
	"step_id" text NOT NULL,
	"wake_at" timestamp with time zone,
	"output" text,
	"place" integer,
	CONSTRAINT "engine_steps_run_id_step_id_pk" PRIMARY KEY("run_id","step_id")
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"kind" text NOT NULL,
	"owner_id" text NOT NULL,
	"currency" text NOT NULL,
	"balance_minor" bigint DEFAULT 0 NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"transaction_id" text NOT NULL,
	"account_id" text NOT NULL,
	"line" integer NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"balance_after_minor" bigint NOT NULL,
	"account_version" bigint NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_entries_not_zero" CHECK ("ledger_entries"."amount_minor" <> 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_transactions" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"cause_id" text NOT NULL,
	"purpose" text NOT NULL,
	"content_hash" text NOT NULL,
	"corrects_id" text,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"cause" text NOT NULL,
	"template" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"state" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"sent_at" timestamp with time zone,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"batch_id" text NOT NULL,
	"rail" text NOT NULL,
	"key" text NOT NULL,
	"body" text NOT NULL,
	"body_hash" text NOT NULL,
	"item_count" integer NOT NULL,
	"state" text NOT NULL,
	"provider_batch_id" text,
	"answer" text,
	"reason" text,
	"sends" integer DEFAULT 0 NOT NULL,
	"first_sent_at" timestamp with time zone,
	"next_check_at" timestamp with time zone,
	"checks" integer DEFAULT 0 NOT NULL,
	"closed_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "batch_findings" (
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"batch_id" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"validator" text NOT NULL,
	"blocks" boolean NOT NULL,
	"finding" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"held_minor" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "batch_findings_batch_id_affiliate_id_validator_pk" PRIMARY KEY("batch_id","affiliate_id","validator")
);
--> statement-breakpoint
CREATE TABLE "payout_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"program_id" text NOT NULL,
	"currency" text NOT NULL,
	"cut_off" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"planned_by" text NOT NULL,
	"approved_by" text,
	"approved_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payout_events" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "payout_events_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"payout_id" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"applied" boolean NOT NULL,
	"provider_status" text,
	"reason" text,
	"attempt_id" text,
	"event_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payout_lines" (
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"payout_id" text NOT NULL,
	"effect_id" text NOT NULL,
	"commission_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"active" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payout_lines_payout_id_effect_id_pk" PRIMARY KEY("payout_id","effect_id")
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"batch_id" text NOT NULL,
	"affiliate_id" text NOT NULL,
	"program_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"rail" text NOT NULL,
	"receiver" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"provider_status" text,
	"provider_item_id" text,
	"provider_at" timestamp with time zone,
	"attempt_id" text,
	"retry_of" text,
	"fee_minor" bigint,
	"fee_currency" text,
	"settled_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payouts_amount_positive" CHECK ("payouts"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"summary" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"closed_at" timestamp with time zone,
	"closed_because" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "program_currencies" (
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"program_id" text NOT NULL,
	"currency" text NOT NULL,
	"minimum_payout_minor" bigint NOT NULL,
	CONSTRAINT "program_currencies_program_id_currency_pk" PRIMARY KEY("program_id","currency"),
	CONSTRAINT "program_currencies_minimum_positive" CHECK ("program_currencies"."minimum_payout_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "programs" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"time_zone" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"rule_id" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"base" text NOT NULL,
	"rate_ppm" bigint,
	"flat_minor" bigint,
	"flat_currency" text,
	"hold_days" integer NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rule_versions_kind_complete" CHECK (("rule_versions"."kind" = 'percentage' and "rule_versions"."rate_ppm" >= 0 and "rule_versions"."flat_minor" is null) or ("rule_versions"."kind" = 'flat' and "rule_versions"."flat_minor" >= 0 and "rule_versions"."flat_currency" is not null and "rule_versions"."rate_ppm" is null)),
	CONSTRAINT "rule_versions_hold_days" CHECK ("rule_versions"."hold_days" between 0 and 730)
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"program_id" text NOT NULL,
	"source_id" text,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source_id" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"method" text NOT NULL,
	"target" text NOT NULL,
	"headers" jsonb NOT NULL,
	"body" "bytea" NOT NULL,
	"truncated_at" integer,
	"signed" text NOT NULL,
	"result" text NOT NULL,
	"reason" text,
	"repeats" text,
	"external_id" text,
	"processed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery_heads" (
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"source_id" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"delivery_id" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text DEFAULT current_setting('app.org_id') NOT NULL,
	"program_id" text NOT NULL,
	"name" text NOT NULL,
	"network" text NOT NULL,
	"token" text NOT NULL,
	"signing_secret" text,
	"amount_format" text DEFAULT 'plain' NOT NULL,
	"default_currency" text,
	"default_status" text DEFAULT 'pending' NOT NULL,
	"requests_per_minute" integer DEFAULT 600000 NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "destinations" ADD CONSTRAINT "destinations_affiliate_id_affiliates_id_fk" FOREIGN KEY ("affiliate_id") REFERENCES "public"."affiliates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_affiliate_id_affiliates_id_fk" FOREIGN KEY ("affiliate_id") REFERENCES "public"."affiliates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversion_changes" ADD CONSTRAINT "conversion_changes_conversion_id_conversions_id_fk" FOREIGN KEY ("conversion_id") REFERENCES "public"."conversions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_jobs" ADD CONSTRAINT "engine_jobs_run_id_engine_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."engine_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_runs" ADD CONSTRAINT "engine_runs_event_id_engine_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."engine_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engine_steps" ADD CONSTRAINT "engine_steps_run_id_engine_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."engine_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_transaction_id_ledger_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."ledger_transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account_id_ledger_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."ledger_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batch_findings" ADD CONSTRAINT "batch_findings_batch_id_payout_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."payout_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payout_events" ADD CONSTRAINT "payout_events_payout_id_payouts_id_fk" FOREIGN KEY ("payout_id") REFERENCES "public"."payouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payout_lines" ADD CONSTRAINT "payout_lines_payout_id_payouts_id_fk" FOREIGN KEY ("payout_id") REFERENCES "public"."payouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_batch_id_payout_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."payout_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "program_currencies" ADD CONSTRAINT "program_currencies_program_id_programs_id_fk" FOREIGN KEY ("program_id") REFERENCES "public"."programs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_versions" ADD CONSTRAINT "rule_versions_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rules" ADD CONSTRAINT "rules_program_id_programs_id_fk" FOREIGN KEY ("program_id") REFERENCES "public"."programs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "credentials_of_user" ON "credentials" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_once" ON "memberships" USING btree ("user_id","organization_id","role","affiliate_id");--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verifications_by_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "activity_in_order" ON "activity" USING btree ("org_id","tx_id","seq");--> statement-breakpoint
CREATE INDEX "activity_of_subject" ON "activity" USING btree ("subject_id","seq");--> statement-breakpoint
CREATE INDEX "activity_of_affiliate" ON "activity" USING btree ("affiliate_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "affiliates_external_id_once" ON "affiliates" USING btree ("org_id","external_id");--> statement-breakpoint
CREATE INDEX "affiliates_by_name" ON "affiliates" USING btree ("org_id","name","id");--> statement-breakpoint
CREATE INDEX "destinations_of_affiliate" ON "destinations" USING btree ("affiliate_id","created_at");--> statement-breakpoint
CREATE INDEX "enrolments_of_affiliate" ON "enrolments" USING btree ("affiliate_id");--> statement-breakpoint
CREATE INDEX "clicks_of_affiliate" ON "clicks" USING btree ("affiliate_id","event_at");--> statement-breakpoint
CREATE UNIQUE INDEX "links_slug_once" ON "links" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "links_of_affiliate" ON "links" USING btree ("affiliate_id");--> statement-breakpoint
CREATE UNIQUE INDEX "commission_effects_version_once" ON "commission_effects" USING btree ("commission_id","version");--> statement-breakpoint
CREATE INDEX "commission_effects_collectable" ON "commission_effects" USING btree ("program_id","currency","affiliate_id","event_at") WHERE payable_delta_minor <> 0;--> statement-breakpoint
CREATE INDEX "commission_effects_of_affiliate" ON "commission_effects" USING btree ("affiliate_id","created_at");--> statement-breakpoint
CREATE INDEX "commission_effects_of_change" ON "commission_effects" USING btree ("change_id");--> statement-breakpoint
CREATE UNIQUE INDEX "commissions_conversion_once" ON "commissions" USING btree ("conversion_id");--> statement-breakpoint
CREATE INDEX "commissions_due_for_release" ON "commissions" USING btree ("org_id","hold_until") WHERE state = 'held' and approved;--> statement-breakpoint
CREATE INDEX "commissions_of_affiliate" ON "commissions" USING btree ("affiliate_id","event_at");--> statement-breakpoint
CREATE INDEX "commissions_of_program" ON "commissions" USING btree ("program_id","currency","state");--> statement-breakpoint
CREATE UNIQUE INDEX "conversion_changes_version_once" ON "conversion_changes" USING btree ("conversion_id","version");--> statement-breakpoint
CREATE INDEX "conversion_changes_of_delivery" ON "conversion_changes" USING btree ("delivery_id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversions_external_id_once" ON "conversions" USING btree ("source_id","external_id");--> statement-breakpoint
CREATE INDEX "conversions_newest" ON "conversions" USING btree ("org_id","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversions_parked" ON "conversions" USING btree ("org_id","click_ref") WHERE affiliate_id is null;--> statement-breakpoint
CREATE INDEX "conversions_of_affiliate" ON "conversions" USING btree ("affiliate_id","event_at");--> statement-breakpoint
CREATE INDEX "engine_crons_next" ON "engine_crons" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "engine_events_by_age" ON "engine_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "engine_jobs_due" ON "engine_jobs" USING btree ("lane","due_at","id") WHERE lease_until is null;--> statement-breakpoint
CREATE INDEX "engine_jobs_leased" ON "engine_jobs" USING btree ("lane") WHERE lease_until is not null;--> statement-breakpoint
CREATE INDEX "engine_jobs_soonest" ON "engine_jobs" USING btree ("due_at") WHERE lease_token is null;--> statement-breakpoint
CREATE UNIQUE INDEX "engine_runs_once_per_event" ON "engine_runs" USING btree ("event_id","function_id");--> statement-breakpoint
CREATE INDEX "engine_runs_finished" ON "engine_runs" USING btree ("finished_at") WHERE finished_at is not null;--> statement-breakpoint
CREATE INDEX "engine_steps_asleep" ON "engine_steps" USING btree ("wake_at") WHERE wake_at is not null and output is null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_accounts_once" ON "ledger_accounts" USING btree ("org_id","kind","owner_id","currency");--> statement-breakpoint
CREATE INDEX "ledger_accounts_of_owner" ON "ledger_accounts" USING btree ("owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_account_version_once" ON "ledger_entries" USING btree ("account_id","account_version");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_line_once" ON "ledger_entries" USING btree ("transaction_id","line");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_transactions_cause_once" ON "ledger_transactions" USING btree ("org_id","cause_id","purpose");--> statement-breakpoint
CREATE UNIQUE INDEX "mails_cause_once" ON "mails" USING btree ("org_id","cause");--> statement-breakpoint
CREATE INDEX "mails_queued" ON "mails" USING btree ("org_id","created_at") WHERE state in ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "mails_of_affiliate" ON "mails" USING btree ("affiliate_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_key_once" ON "attempts" USING btree ("rail","key");--> statement-breakpoint
CREATE INDEX "attempts_of_batch" ON "attempts" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "attempts_to_check" ON "attempts" USING btree ("org_id","next_check_at") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "batch_findings_of_affiliate" ON "batch_findings" USING btree ("affiliate_id","created_at");--> statement-breakpoint
CREATE INDEX "payout_batches_newest" ON "payout_batches" USING btree ("org_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "payout_events_of_payout" ON "payout_events" USING btree ("payout_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "payout_lines_effect_once" ON "payout_lines" USING btree ("effect_id") WHERE active;--> statement-breakpoint
CREATE INDEX "payout_lines_of_commission" ON "payout_lines" USING btree ("commission_id");--> statement-breakpoint
CREATE INDEX "payouts_of_batch" ON "payouts" USING btree ("batch_id","id");--> statement-breakpoint
CREATE INDEX "payouts_of_batch_by_state" ON "payouts" USING btree ("batch_id","state");--> statement-breakpoint
CREATE INDEX "payouts_of_affiliate" ON "payouts" USING btree ("affiliate_id","created_at");--> statement-breakpoint
CREATE INDEX "payouts_of_attempt" ON "payouts" USING btree ("attempt_id");--> statement-breakpoint
CREATE INDEX "payouts_open" ON "payouts" USING btree ("org_id","state") WHERE state in ('submitted', 'unknown', 'unclaimed', 'submitting');--> statement-breakpoint
CREATE INDEX "payouts_paid" ON "payouts" USING btree ("org_id","id") WHERE state = 'paid';--> statement-breakpoint
CREATE UNIQUE INDEX "payouts_retried_once" ON "payouts" USING btree ("retry_of");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_open_once" ON "tasks" USING btree ("kind","subject_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("org_id","created_at") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "rule_versions_once" ON "rule_versions" USING btree ("rule_id","version");--> statement-breakpoint
CREATE INDEX "rules_of_program" ON "rules" USING btree ("program_id");--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("org_id","seq") WHERE result = 'accepted' and processed_at is null;--> statement-breakpoint
CREATE INDEX "deliveries_newest" ON "deliveries" USING btree ("org_id","seq" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "deliveries_of_conversion" ON "deliveries" USING btree ("source_id","external_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_heads_once" ON "delivery_heads" USING btree ("source_id","dedupe_key");--> statement-breakpoint
CREATE UNIQUE INDEX "sources_token_once" ON "sources" USING btree ("token");--> statement-breakpoint
CREATE INDEX "sources_of_program" ON "sources" USING btree ("program_id");