-- What people work through is read in its order, a page at a time, however much is open.

-- By when a case is dealt with first: the deadline, put off by six hours for each halving of the
-- money at stake (engine::listing::urgent_at). Written with the row: a virtual column would be
-- reckoned from the row again wherever the index is read.
alter table case_row add column urgent_at integer;
update case_row set urgent_at = due_at + 21600000 * case
    when amount_minor < 1000 then 13
    when amount_minor < 2000 then 12
    when amount_minor < 4000 then 11
    when amount_minor < 8000 then 10
    when amount_minor < 16000 then 9
    when amount_minor < 32000 then 8
    when amount_minor < 64000 then 7
    when amount_minor < 128000 then 6
    when amount_minor < 256000 then 5
    when amount_minor < 512000 then 4
    when amount_minor < 1024000 then 3
    when amount_minor < 2048000 then 2
    when amount_minor < 4096000 then 1
    else 0
end where due_at is not null;

-- Serves: the cases in a stage, and those that wait for somebody, last opened first; how many there
-- are. Closed cases are found among all of them, last opened first.
drop index case_row_by_stage;
create index case_row_by_stage on case_row (shop_id, stage, waits_for, case_id)
    where stage <> 'closed';
-- Serves: the same, nearest deadline first.
drop index case_row_by_deadline;
create index case_row_by_deadline on case_row (shop_id, stage, waits_for, due_at, case_id)
    where due_at is not null;
-- Serves: the same, much money and little time first.
create index case_row_by_urgency on case_row (shop_id, stage, waits_for, urgent_at, case_id)
    where urgent_at is not null;
