CREATE TABLE "former_connections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"name" text NOT NULL,
	"driver" text NOT NULL,
	"connection" jsonb NOT NULL,
	"is_told_off" boolean NOT NULL,
	"removed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "telemetry_rollup_state" ADD COLUMN "days_stay_before" date;--> statement-breakpoint
ALTER TABLE "telemetry_rollup_state" ADD COLUMN "counted_before" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "idx_former_connections_user" ON "former_connections" ("user_id");--> statement-breakpoint
ALTER TABLE "former_connections" ADD CONSTRAINT "former_connections_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;