CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"severity" text NOT NULL,
	"text" text NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"token_hash" text NOT NULL CONSTRAINT "api_tokens_token_hash_key" UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "valid_token_scope" CHECK (scope in ('read', 'control', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"load_id" text NOT NULL,
	"device_key" text NOT NULL,
	"desired" jsonb NOT NULL,
	"state" text DEFAULT 'intended' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"intended_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"error" text,
	"cause" text NOT NULL,
	CONSTRAINT "valid_command_state" CHECK (state in ('intended', 'sent', 'acknowledged', 'observed', 'ramping', 'refused', 'unreachable', 'reverted'))
);
--> statement-breakpoint
CREATE TABLE "control_state" (
	"user_id" uuid PRIMARY KEY,
	"control_mode" text DEFAULT 'automatic' NOT NULL,
	"mode_since" timestamp with time zone DEFAULT now() NOT NULL,
	"mode_by" text DEFAULT 'first start' NOT NULL,
	"memory" jsonb,
	"memory_schema_version" integer,
	"memory_at" timestamp with time zone,
	"last_tick" jsonb,
	"worker_heartbeat_at" timestamp with time zone,
	"worker_id" text,
	CONSTRAINT "valid_control_mode" CHECK (control_mode in ('advisory', 'automatic', 'paused'))
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" uuid NOT NULL,
	"ts" timestamp with time zone NOT NULL,
	"load_id" text NOT NULL,
	"load_name" text NOT NULL,
	"kind" text NOT NULL,
	"verdict" text NOT NULL,
	"previous_verdict" text,
	"binding_gate" text,
	"sentence" text NOT NULL,
	"explanation" jsonb NOT NULL,
	"config_version" bigint NOT NULL,
	"kernel_version" text NOT NULL,
	"simulated" boolean NOT NULL,
	CONSTRAINT "valid_verdict" CHECK (verdict in ('START', 'KEEP_RUNNING', 'WAIT', 'STOP', 'EMERGENCY_STOP', 'LOCKED_OUT', 'DISABLED', 'CANNOT_DECIDE', 'OVERRIDDEN'))
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"driver" text NOT NULL,
	"connection" jsonb DEFAULT '{}' NOT NULL,
	"roles" text[] DEFAULT '{}'::text[] NOT NULL,
	"control_enabled" boolean DEFAULT false NOT NULL,
	"last_seen_at" timestamp with time zone,
	"last_error" text,
	"driver_state" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "devices_user_id_key_key" UNIQUE("user_id","key"),
	CONSTRAINT "valid_device_key" CHECK ("key" ~ '^[a-z0-9][a-z0-9_-]{0,62}$')
);
--> statement-breakpoint
CREATE TABLE "overrides" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"load_id" text NOT NULL,
	"state" text NOT NULL,
	"starts_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"reason" text,
	CONSTRAINT "valid_override_state" CHECK ("state" in ('on', 'off')),
	CONSTRAINT "valid_override_end" CHECK ("ends_at" > "starts_at")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"token_hash" text NOT NULL CONSTRAINT "sessions_token_hash_key" UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "settings_versions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "settings_versions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"entity" text NOT NULL,
	"entity_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "valid_settings_entity" CHECK (entity in ('preferences', 'miner', 'zone', 'device', 'miner_order'))
);
--> statement-breakpoint
CREATE TABLE "telemetry" (
	"user_id" uuid,
	"ts" timestamp with time zone,
	"pack_voltage_v" real,
	"current_a" real,
	"battery_power_w" real,
	"battery_temperature_c" real,
	"reported_soc_pct" real,
	"voltage_soc_pct" real,
	"pv_w" real,
	"load_w" real,
	"grid_w" real,
	"charge_stage" text DEFAULT 'unknown' NOT NULL,
	"loads" jsonb DEFAULT '{}' NOT NULL,
	"zones" jsonb DEFAULT '{}' NOT NULL,
	"sky" jsonb DEFAULT '{}' NOT NULL,
	"ages" jsonb DEFAULT '{}' NOT NULL,
	"tick" jsonb DEFAULT '{}' NOT NULL,
	"memory" jsonb,
	"simulated" boolean NOT NULL,
	"config_version" bigint NOT NULL,
	CONSTRAINT "telemetry_pkey" PRIMARY KEY("user_id","ts")
);
--> statement-breakpoint
CREATE TABLE "telemetry_15m" (
	"user_id" uuid,
	"ts" timestamp with time zone,
	"pack_voltage_min_v" real,
	"pack_voltage_avg_v" real,
	"pack_voltage_max_v" real,
	"current_min_a" real,
	"current_avg_a" real,
	"current_max_a" real,
	"battery_power_min_w" real,
	"battery_power_avg_w" real,
	"battery_power_max_w" real,
	"battery_temperature_min_c" real,
	"battery_temperature_avg_c" real,
	"battery_temperature_max_c" real,
	"voltage_soc_avg_pct" real,
	"reported_soc_avg_pct" real,
	"pv_min_w" real,
	"pv_avg_w" real,
	"pv_max_w" real,
	"load_min_w" real,
	"load_avg_w" real,
	"load_max_w" real,
	"grid_min_w" real,
	"grid_avg_w" real,
	"grid_max_w" real,
	"pv_energy_wh" real,
	"load_energy_wh" real,
	"battery_in_energy_wh" real,
	"battery_out_energy_wh" real,
	"import_energy_wh" real,
	"export_energy_wh" real,
	"covered_seconds" integer NOT NULL,
	"samples" bigint NOT NULL,
	"simulated" boolean NOT NULL,
	CONSTRAINT "telemetry_15m_pkey" PRIMARY KEY("user_id","ts")
);
--> statement-breakpoint
CREATE TABLE "telemetry_1d" (
	"user_id" uuid,
	"day" date,
	"pack_voltage_min_v" real,
	"pack_voltage_avg_v" real,
	"pack_voltage_max_v" real,
	"current_min_a" real,
	"current_avg_a" real,
	"current_max_a" real,
	"battery_power_min_w" real,
	"battery_power_avg_w" real,
	"battery_power_max_w" real,
	"battery_temperature_min_c" real,
	"battery_temperature_avg_c" real,
	"battery_temperature_max_c" real,
	"voltage_soc_avg_pct" real,
	"reported_soc_avg_pct" real,
	"pv_min_w" real,
	"pv_avg_w" real,
	"pv_max_w" real,
	"load_min_w" real,
	"load_avg_w" real,
	"load_max_w" real,
	"grid_min_w" real,
	"grid_avg_w" real,
	"grid_max_w" real,
	"pv_energy_wh" real,
	"load_energy_wh" real,
	"battery_in_energy_wh" real,
	"battery_out_energy_wh" real,
	"import_energy_wh" real,
	"export_energy_wh" real,
	"covered_seconds" integer NOT NULL,
	"samples" bigint NOT NULL,
	"simulated" boolean NOT NULL,
	CONSTRAINT "telemetry_1d_pkey" PRIMARY KEY("user_id","day")
);
--> statement-breakpoint
CREATE TABLE "telemetry_1m" (
	"user_id" uuid,
	"ts" timestamp with time zone,
	"pack_voltage_min_v" real,
	"pack_voltage_avg_v" real,
	"pack_voltage_max_v" real,
	"current_min_a" real,
	"current_avg_a" real,
	"current_max_a" real,
	"battery_power_min_w" real,
	"battery_power_avg_w" real,
	"battery_power_max_w" real,
	"battery_temperature_min_c" real,
	"battery_temperature_avg_c" real,
	"battery_temperature_max_c" real,
	"voltage_soc_avg_pct" real,
	"reported_soc_avg_pct" real,
	"pv_min_w" real,
	"pv_avg_w" real,
	"pv_max_w" real,
	"load_min_w" real,
	"load_avg_w" real,
	"load_max_w" real,
	"grid_min_w" real,
	"grid_avg_w" real,
	"grid_max_w" real,
	"pv_energy_wh" real,
	"load_energy_wh" real,
	"battery_in_energy_wh" real,
	"battery_out_energy_wh" real,
	"import_energy_wh" real,
	"export_energy_wh" real,
	"covered_seconds" integer NOT NULL,
	"samples" bigint NOT NULL,
	"simulated" boolean NOT NULL,
	CONSTRAINT "telemetry_1m_pkey" PRIMARY KEY("user_id","ts")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "idx_alerts_open" ON "alerts" ("user_id","key") WHERE "cleared_at" is null;--> statement-breakpoint
CREATE INDEX "idx_alerts_user" ON "alerts" ("user_id","raised_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_api_tokens_user" ON "api_tokens" ("user_id");--> statement-breakpoint
CREATE INDEX "idx_commands_user" ON "commands" ("user_id","intended_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_commands_open" ON "commands" ("user_id","device_key","ended_at");--> statement-breakpoint
CREATE INDEX "idx_decisions_user_ts" ON "decisions" ("user_id","ts" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "idx_decisions_load" ON "decisions" ("user_id","load_id","ts" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_overrides_open" ON "overrides" ("user_id","ends_at");--> statement-breakpoint
CREATE INDEX "idx_sessions_user" ON "sessions" ("user_id");--> statement-breakpoint
CREATE INDEX "idx_settings_versions_user" ON "settings_versions" ("user_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_telemetry_ts" ON "telemetry" USING brin ("ts") WITH (pages_per_range=32, autosummarize=true);--> statement-breakpoint
CREATE INDEX "idx_telemetry_simulated" ON "telemetry" ("user_id") WHERE "simulated";--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "control_state" ADD CONSTRAINT "control_state_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "overrides" ADD CONSTRAINT "overrides_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "settings_versions" ADD CONSTRAINT "settings_versions_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "telemetry" ADD CONSTRAINT "telemetry_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "telemetry_15m" ADD CONSTRAINT "telemetry_15m_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "telemetry_1d" ADD CONSTRAINT "telemetry_1d_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "telemetry_1m" ADD CONSTRAINT "telemetry_1m_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;