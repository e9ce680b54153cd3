-- What was recorded before there were roll-ups is history too. Rows that are rolled up already are left alone.
insert into "telemetry_rollup_state" as "state" ("user_id", "rolled_to")
select "user_id", "first" from (select "user_id", min("ts") as "first" from "telemetry" group by "user_id") as "recorded"
where not exists (
  select from "telemetry_1m" where "telemetry_1m"."user_id" = "recorded"."user_id"
    and "telemetry_1m"."ts" < "recorded"."first" + interval '15 minutes')
on conflict ("user_id") do update set "rolled_to" = least("state"."rolled_to", excluded."rolled_to");
