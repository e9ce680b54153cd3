CREATE TABLE "backup_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"requested_by" text NOT NULL,
	"state" text DEFAULT 'requested' NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"file" text,
	"bytes" bigint,
	"rows" bigint,
	"error" text,
	CONSTRAINT "valid_backup_state" CHECK (state in ('requested', 'running', 'done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "backup_settings" (
	"user_id" uuid PRIMARY KEY,
	"folder" text,
	"other_disk" boolean DEFAULT false NOT NULL,
	"hour" integer DEFAULT 3 NOT NULL,
	"keep" integer DEFAULT 14 NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "device_tests" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"driver" text NOT NULL,
	"connection" jsonb NOT NULL,
	"state" text DEFAULT 'requested' NOT NULL,
	"ended_at" timestamp with time zone,
	"result" jsonb,
	"error" text,
	CONSTRAINT "valid_device_test_state" CHECK (state in ('requested', 'running', 'passed', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE INDEX "idx_backup_runs_user" ON "backup_runs" ("user_id","requested_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_device_tests_user" ON "device_tests" ("user_id","requested_at" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "backup_runs" ADD CONSTRAINT "backup_runs_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "backup_settings" ADD CONSTRAINT "backup_settings_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "device_tests" ADD CONSTRAINT "device_tests_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;