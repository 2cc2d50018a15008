DROP INDEX "memberships_one_role";--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "ended_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_one_role" ON "memberships" USING btree ("user_id","organization_id") WHERE role <> 'affiliate' and ended_at is null;--> statement-breakpoint
-- What serves requests sees its own organization here as well, and of people only those who are or were its own, by name.
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY own ON organizations FOR SELECT TO tributary_app USING (id = current_setting('app.org_id', true));--> statement-breakpoint
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY own ON memberships FOR SELECT TO tributary_app USING (organization_id = current_setting('app.org_id', true));--> statement-breakpoint
ALTER TABLE users ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY own ON users FOR SELECT TO tributary_app USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id));--> statement-breakpoint
REVOKE SELECT ON users FROM tributary_app;--> statement-breakpoint
GRANT SELECT (id, name) ON users TO tributary_app;
