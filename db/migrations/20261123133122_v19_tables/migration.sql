CREATE TABLE "hvac_zones" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"zone_name" text NOT NULL,
	"zone_type" text DEFAULT 'equipment' NOT NULL,
	"temp_too_hot" numeric(4,1),
	"temp_hot_ok" numeric(4,1),
	"temp_too_cold" numeric(4,1),
	"temp_cold_ok" numeric(4,1),
	"exhaust_fan_enabled" boolean DEFAULT false NOT NULL,
	"exhaust_fan_device_id" text,
	"exhaust_fan_speed_auto" boolean DEFAULT true NOT NULL,
	"exhaust_fan_max_speed" integer DEFAULT 10 NOT NULL,
	"heating_enabled" boolean DEFAULT false NOT NULL,
	"heating_priority_1" text DEFAULT 'none' NOT NULL,
	"heating_priority_2" text DEFAULT 'none' NOT NULL,
	"heating_miner_id" uuid,
	"heater_device_id" text,
	"heater_power_watts" integer,
	"only_heat_when_solar" boolean DEFAULT true NOT NULL,
	"minimum_solar_for_heating_watts" integer,
	"block_charging_below_temp" numeric(4,1),
	"enabled" boolean DEFAULT true NOT NULL,
	"temperature_sensor_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hvac_zones_user_id_zone_name_key" UNIQUE("user_id","zone_name"),
	CONSTRAINT "valid_zone_temperatures" CHECK (("temp_too_cold" < "temp_cold_ok") is not false
        and ("temp_too_cold" < "temp_hot_ok") is not false
        and ("temp_too_cold" < "temp_too_hot") is not false
        and ("temp_cold_ok" < "temp_hot_ok") is not false
        and ("temp_cold_ok" < "temp_too_hot") is not false
        and ("temp_hot_ok" < "temp_too_hot") is not false),
	CONSTRAINT "valid_fan_speed" CHECK ("exhaust_fan_max_speed" between 1 and 10),
	CONSTRAINT "valid_heater_power" CHECK ("heater_power_watts" > 0),
	CONSTRAINT "valid_heating_priority_1" CHECK (heating_priority_1 in ('miner', 'heater', 'none')),
	CONSTRAINT "valid_heating_priority_2" CHECK (heating_priority_2 in ('miner', 'heater', 'none'))
);
--> statement-breakpoint
CREATE TABLE "miner_profiles" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"model" text,
	"hashrate_ths" numeric(6,2),
	"power_draw_watts" integer NOT NULL,
	"priority_level" integer DEFAULT 5 NOT NULL,
	"operating_mode" text DEFAULT 'balanced' NOT NULL,
	"start_voltage" numeric(4,2) NOT NULL,
	"stop_voltage" numeric(4,2) NOT NULL,
	"emergency_stop_voltage" numeric(4,2) NOT NULL,
	"start_hysteresis_minutes" integer DEFAULT 5 NOT NULL,
	"stop_hysteresis_minutes" integer DEFAULT 2 NOT NULL,
	"minimum_on_minutes" integer DEFAULT 10 NOT NULL,
	"minimum_off_minutes" integer DEFAULT 5 NOT NULL,
	"require_excess_solar" boolean DEFAULT false NOT NULL,
	"minimum_excess_watts" integer,
	"maximum_runtime_hours" numeric(4,2),
	"prefer_time_start" integer,
	"prefer_time_end" integer,
	"allow_outside_schedule" boolean DEFAULT true NOT NULL,
	"require_sunny_weather" boolean DEFAULT false NOT NULL,
	"minimum_solar_production_watts" integer,
	"enabled" boolean DEFAULT true NOT NULL,
	"zone_id" uuid,
	"control_method" text,
	"device_identifier" text,
	"last_started_at" timestamp with time zone,
	"last_stopped_at" timestamp with time zone,
	"total_runtime_hours" numeric(10,2) DEFAULT '0' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "miner_profiles_user_id_name_key" UNIQUE("user_id","name"),
	CONSTRAINT "valid_miner_voltages" CHECK ("emergency_stop_voltage" < "stop_voltage" and "stop_voltage" < "start_voltage"),
	CONSTRAINT "valid_priority" CHECK ("priority_level" between 1 and 10),
	CONSTRAINT "valid_power_draw" CHECK ("power_draw_watts" > 0),
	CONSTRAINT "valid_miner_operating_mode" CHECK (operating_mode in ('aggressive', 'balanced', 'opportunistic')),
	CONSTRAINT "valid_hours" CHECK (("prefer_time_start" is null or "prefer_time_start" between 0 and 23)
        and ("prefer_time_end" is null or "prefer_time_end" between 0 and 23)),
	CONSTRAINT "valid_miner_times" CHECK ("start_hysteresis_minutes" >= 0 and "stop_hysteresis_minutes" >= 0
        and "minimum_on_minutes" >= 0 and "minimum_off_minutes" >= 0)
);
--> statement-breakpoint
CREATE TABLE "user_preferences" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"user_id" uuid NOT NULL CONSTRAINT "user_preferences_user_id_key" UNIQUE,
	"voltage_at_0_percent" numeric(4,2) DEFAULT '45' NOT NULL,
	"voltage_at_100_percent" numeric(4,2) DEFAULT '56' NOT NULL,
	"voltage_curve" jsonb DEFAULT '[{"soc":0,"voltage":45},{"soc":15,"voltage":47},{"soc":40,"voltage":50},{"soc":60,"voltage":52},{"soc":80,"voltage":54.5},{"soc":100,"voltage":56}]',
	"battery_chemistry" text DEFAULT 'LiFePO4' NOT NULL,
	"battery_nominal_voltage" numeric(4,2) DEFAULT '51.2' NOT NULL,
	"battery_absolute_min" numeric(4,2) DEFAULT '43' NOT NULL,
	"battery_absolute_max" numeric(4,2) DEFAULT '58.8' NOT NULL,
	"user_prefers_soc_display" boolean DEFAULT true NOT NULL,
	"use_custom_soc_mapping" boolean DEFAULT true NOT NULL,
	"display_units" text DEFAULT 'metric' NOT NULL,
	"timezone" text DEFAULT 'America/Los_Angeles' NOT NULL,
	"location_lat" numeric(10,7) DEFAULT '37.3382',
	"location_lon" numeric(10,7) DEFAULT '-121.8863',
	"max_battery_discharge_watts" integer DEFAULT 5000 NOT NULL,
	"max_battery_discharge_percent" integer DEFAULT 15 NOT NULL,
	"voltage_shutdown" numeric(4,2) DEFAULT '44' NOT NULL,
	"voltage_critical_low" numeric(4,2) DEFAULT '45' NOT NULL,
	"voltage_low" numeric(4,2) DEFAULT '47' NOT NULL,
	"voltage_restart" numeric(4,2) DEFAULT '50' NOT NULL,
	"voltage_optimal_min" numeric(4,2) DEFAULT '50' NOT NULL,
	"voltage_optimal_max" numeric(4,2) DEFAULT '54.5' NOT NULL,
	"voltage_float" numeric(4,2) DEFAULT '55' NOT NULL,
	"voltage_absorption" numeric(4,2) DEFAULT '57.6' NOT NULL,
	"voltage_full" numeric(4,2) DEFAULT '58' NOT NULL,
	"operating_mode" text DEFAULT 'balanced' NOT NULL,
	"grid_import_allowed" boolean DEFAULT false NOT NULL,
	"battery_capacity_ah" integer DEFAULT 900,
	"pv_array_watts" integer DEFAULT 12960,
	"internal_resistance_mohm" numeric(7,3),
	"sag_compensation" text DEFAULT 'off' NOT NULL,
	"inverter_max_watts" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "valid_voltage_calibration" CHECK ("voltage_at_0_percent" < "voltage_at_100_percent"),
	CONSTRAINT "valid_voltage_ranges" CHECK ("battery_absolute_min" <= "voltage_shutdown"
        and "voltage_shutdown" < "voltage_critical_low"
        and "voltage_critical_low" <= "voltage_low"
        and "voltage_low" < "voltage_restart"
        and "voltage_restart" <= "voltage_optimal_min"
        and "voltage_optimal_min" < "voltage_optimal_max"
        and "voltage_optimal_max" <= "voltage_float"
        and "voltage_float" < "voltage_absorption"
        and "voltage_absorption" <= "voltage_full"
        and "voltage_full" <= "battery_absolute_max"),
	CONSTRAINT "valid_display_units" CHECK (display_units in ('metric', 'imperial')),
	CONSTRAINT "valid_operating_mode" CHECK (operating_mode in ('conservative', 'balanced', 'aggressive')),
	CONSTRAINT "valid_sag_compensation" CHECK (sag_compensation in ('off', 'auto', 'manual')),
	CONSTRAINT "valid_discharge" CHECK ("max_battery_discharge_watts" >= 0 and "max_battery_discharge_percent" between 0 and 100)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"email" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'admin' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_login" timestamp with time zone,
	CONSTRAINT "valid_email" CHECK ("email" ~* '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$'),
	CONSTRAINT "valid_role" CHECK (role in ('admin', 'user'))
);
--> statement-breakpoint
CREATE INDEX "idx_hvac_zones_user" ON "hvac_zones" ("user_id");--> statement-breakpoint
CREATE INDEX "idx_miner_profiles_user" ON "miner_profiles" ("user_id");--> statement-breakpoint
CREATE INDEX "idx_miner_profiles_priority" ON "miner_profiles" ("user_id","priority_level","enabled");--> statement-breakpoint
CREATE INDEX "idx_user_preferences_user" ON "user_preferences" ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "idx_users_email" ON "users" (lower("email"));--> statement-breakpoint
ALTER TABLE "hvac_zones" ADD CONSTRAINT "hvac_zones_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "miner_profiles" ADD CONSTRAINT "miner_profiles_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "user_preferences" ADD CONSTRAINT "user_preferences_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;