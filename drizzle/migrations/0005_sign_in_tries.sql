CREATE TABLE "sign_in_tries" (
	"address" text PRIMARY KEY NOT NULL,
	"tries" integer NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sign_in_tries_ended" ON "sign_in_tries" USING btree ("ends_at");