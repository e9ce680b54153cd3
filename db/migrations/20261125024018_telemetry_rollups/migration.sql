CREATE TABLE "telemetry_retention" (
	"user_id" uuid PRIMARY KEY,
	"raw_days" integer DEFAULT 30,
	"minute_days" integer DEFAULT 365,
	"quarter_days" integer,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "telemetry_rollup_state" (
	"user_id" uuid PRIMARY KEY,
	"rolled_to" timestamp with time zone,
	"final_before" timestamp with time zone,
	"day_zone" text
);
--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "pv_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "load_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "battery_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "grid_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "full_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "throttled_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "held_back_energy_wh" real;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "loads" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD COLUMN "zones" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "pv_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "load_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "battery_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "grid_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "full_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "throttled_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "held_back_energy_wh" real;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "loads" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD COLUMN "zones" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "pv_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "load_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "battery_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "grid_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "full_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "throttled_seconds" real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "held_back_energy_wh" real;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "loads" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD COLUMN "zones" jsonb DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "telemetry_15m" DROP CONSTRAINT "telemetry_15m_pkey";--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD PRIMARY KEY ("user_id","ts","simulated");--> statement-breakpoint
ALTER TABLE "telemetry_1d" DROP CONSTRAINT "telemetry_1d_pkey";--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD PRIMARY KEY ("user_id","day","simulated");--> statement-breakpoint
ALTER TABLE "telemetry_1m" DROP CONSTRAINT "telemetry_1m_pkey";--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD PRIMARY KEY ("user_id","ts","simulated");--> statement-breakpoint
ALTER TABLE "telemetry_15m" ALTER COLUMN "covered_seconds" SET DATA TYPE real USING "covered_seconds"::real;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ALTER COLUMN "covered_seconds" SET DATA TYPE real USING "covered_seconds"::real;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ALTER COLUMN "covered_seconds" SET DATA TYPE real USING "covered_seconds"::real;--> statement-breakpoint
ALTER TABLE "telemetry_retention" ADD CONSTRAINT "telemetry_retention_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "telemetry_rollup_state" ADD CONSTRAINT "telemetry_rollup_state_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "settings_versions" DROP CONSTRAINT "valid_settings_entity", ADD CONSTRAINT "valid_settings_entity" CHECK (entity in ('preferences', 'miner', 'zone', 'device', 'miner_order', 'retention'));