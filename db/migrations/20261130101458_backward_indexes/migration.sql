DROP INDEX "idx_alerts_user";--> statement-breakpoint
CREATE INDEX "idx_alerts_user" ON "alerts" ("user_id","raised_at");--> statement-breakpoint
DROP INDEX "idx_commands_user";--> statement-breakpoint
CREATE INDEX "idx_commands_user" ON "commands" ("user_id","intended_at","id");--> statement-breakpoint
DROP INDEX "idx_decisions_user_ts";--> statement-breakpoint
CREATE INDEX "idx_decisions_user_ts" ON "decisions" ("user_id","ts","id");--> statement-breakpoint
DROP INDEX "idx_decisions_load";--> statement-breakpoint
CREATE UNIQUE INDEX "idx_decisions_load" ON "decisions" ("user_id","load_id","ts");--> statement-breakpoint
DROP INDEX "idx_settings_versions_user";--> statement-breakpoint
CREATE INDEX "idx_settings_versions_user" ON "settings_versions" ("user_id","id");--> statement-breakpoint
DROP INDEX "idx_commands_load";--> statement-breakpoint
CREATE INDEX "idx_commands_load" ON "commands" ("user_id","load_id","intended_at");--> statement-breakpoint
DROP INDEX "idx_backup_runs_user";--> statement-breakpoint
CREATE INDEX "idx_backup_runs_user" ON "backup_runs" ("user_id","requested_at");--> statement-breakpoint
DROP INDEX "idx_device_tests_user";--> statement-breakpoint
CREATE INDEX "idx_device_tests_user" ON "device_tests" ("user_id","requested_at");