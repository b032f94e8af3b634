-- A commit is as dear as the pages it touches, and each key in no order of time is a page of its own.
-- The table of streams stays, unlike in the other backend: its rows are what commits lock.

-- Serves: the cases in a stage, last opened first. Most cases are closed, and those are found among
-- all of them, last opened first.
drop index case_row_by_stage;
create index case_row_by_stage on case_row (shop_id, stage, case_id) where stage <> 'closed';
