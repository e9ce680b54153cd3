ALTER TABLE "commands" ADD COLUMN "load_name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "observed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "retry_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "simulated" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "control_state" ADD COLUMN "charge_block_answer" text;--> statement-breakpoint
ALTER TABLE "control_state" ADD COLUMN "charge_block_answer_by" text;--> statement-breakpoint
DROP INDEX "idx_commands_user";--> statement-breakpoint
CREATE INDEX "idx_commands_user" ON "commands" ("user_id","intended_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
DROP INDEX "idx_commands_open";--> statement-breakpoint
CREATE UNIQUE INDEX "idx_commands_open" ON "commands" ("user_id","load_id") WHERE "ended_at" is null;--> statement-breakpoint
CREATE INDEX "idx_commands_load" ON "commands" ("user_id","load_id","intended_at" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "control_state" ADD CONSTRAINT "valid_charge_block_answer" CHECK (charge_block_answer in ('keep', 'lift'));--> statement-breakpoint
ALTER TABLE "commands" DROP CONSTRAINT "valid_command_state", ADD CONSTRAINT "valid_command_state" CHECK (state in ('intended', 'sent', 'acknowledged', 'ramping', 'observed', 'refused', 'unreachable', 'not_followed', 'reverted', 'superseded'));