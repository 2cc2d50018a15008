-- Until now there was one role among operators, and it allowed everything.
DELETE FROM memberships m USING memberships earlier WHERE m.role = 'operator' AND earlier.role = 'operator' AND earlier.user_id = m.user_id
  AND earlier.organization_id = m.organization_id AND (earlier.created_at, earlier.id) < (m.created_at, m.id);--> statement-breakpoint
UPDATE memberships SET role = 'owner' WHERE role = 'operator';--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_one_role" ON "memberships" USING btree ("user_id","organization_id") WHERE role <> 'affiliate';--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_role" CHECK ("memberships"."role" in ('owner', 'admin', 'finance', 'manager', 'viewer', 'affiliate'));--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_affiliate" CHECK (("memberships"."role" = 'affiliate') = ("memberships"."affiliate_id" is not null));