DROP INDEX "conversions_newest";--> statement-breakpoint
DROP INDEX "conversions_parked";--> statement-breakpoint
DROP INDEX "payout_batches_newest";--> statement-breakpoint
DROP INDEX "deliveries_newest";--> statement-breakpoint
CREATE INDEX "conversions_nobody_credited" ON "conversions" USING btree ("org_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE affiliate_id is null and network_status in ('pending', 'approved');--> statement-breakpoint
CREATE INDEX "conversions_unpriced" ON "conversions" USING btree ("org_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE unpriced_reason is not null and network_status in ('pending', 'approved');--> statement-breakpoint
CREATE INDEX "mails_newest" ON "mails" USING btree ("org_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "payout_batches_drafts" ON "payout_batches" USING btree ("org_id") WHERE state = 'draft';--> statement-breakpoint
CREATE INDEX "payout_lines_given_back" ON "payout_lines" USING btree ("org_id","effect_id") WHERE not active;--> statement-breakpoint
CREATE INDEX "payouts_proven_unpaid" ON "payouts" USING btree ("org_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE state in ('failed', 'returned', 'reversed');--> statement-breakpoint
CREATE INDEX "deliveries_quarantined" ON "deliveries" USING btree ("org_id","seq" DESC NULLS FIRST) WHERE result = 'quarantined';--> statement-breakpoint
CREATE INDEX "conversions_newest" ON "conversions" USING btree ("org_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "conversions_parked" ON "conversions" USING btree ("org_id","id") WHERE affiliate_id is null;--> statement-breakpoint
CREATE INDEX "payout_batches_newest" ON "payout_batches" USING btree ("org_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "deliveries_newest" ON "deliveries" USING btree ("org_id","seq" DESC NULLS FIRST);