CREATE TABLE "resistance_evidence" (
	"user_id" uuid,
	"ts" timestamp with time zone,
	"delta_a" real NOT NULL,
	"delta_v" real NOT NULL,
	"battery_temperature_c" real,
	"cause" text NOT NULL,
	"simulated" boolean NOT NULL,
	CONSTRAINT "resistance_evidence_pkey" PRIMARY KEY("user_id","ts")
);
--> statement-breakpoint
ALTER TABLE "resistance_evidence" ADD CONSTRAINT "resistance_evidence_user_id_users_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;