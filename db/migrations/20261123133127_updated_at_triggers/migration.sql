-- updated_at moves with every change of a settings row, whoever makes it.
-- "zz": triggers fire by name, and an adopted table may have one of its own that sets now().
CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Two changes in one clock tick must still differ: ETags rest on this column.
  NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE OR REPLACE TRIGGER zz_touch_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_updated_at();--> statement-breakpoint
CREATE OR REPLACE TRIGGER zz_touch_updated_at BEFORE UPDATE ON user_preferences FOR EACH ROW EXECUTE FUNCTION touch_updated_at();--> statement-breakpoint
CREATE OR REPLACE TRIGGER zz_touch_updated_at BEFORE UPDATE ON miner_profiles FOR EACH ROW EXECUTE FUNCTION touch_updated_at();--> statement-breakpoint
CREATE OR REPLACE TRIGGER zz_touch_updated_at BEFORE UPDATE ON hvac_zones FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
