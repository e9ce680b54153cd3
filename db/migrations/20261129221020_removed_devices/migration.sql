CREATE TABLE "removed_devices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"driver" text NOT NULL,
	"connection" jsonb NOT NULL,
	"removed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "idx_removed_devices_user" ON "removed_devices" ("user_id");--> statement-breakpoint
ALTER TABLE "removed_devices" ADD CONSTRAINT "removed_devices_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;