CREATE TABLE "removed_devices" (
	"version_id" bigint PRIMARY KEY,
	"connection" jsonb NOT NULL,
	"driver_state" jsonb
);
--> statement-breakpoint
ALTER TABLE "removed_devices" ADD CONSTRAINT "removed_devices_version_id_settings_versions_id_fkey" FOREIGN KEY ("version_id") REFERENCES "settings_versions"("id") ON DELETE CASCADE;