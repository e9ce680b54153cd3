ALTER TABLE "telemetry_rollup_state" ADD COLUMN "days_stay_before" date;--> statement-breakpoint
ALTER TABLE "telemetry_rollup_state" ADD COLUMN "counted_before" timestamp with time zone;