-- A commit is as dear as the pages it touches, and each key in no order of time is a page of its own.

-- The version of a stream is the last one in event_by_stream, which is unique: a table that says it
-- once more was a page more for each commit.
drop table stream;

-- Serves: the cases in a stage, last opened first. Most cases are closed, and those are found among
-- all of them, last opened first.
drop index case_row_by_stage;
create index case_row_by_stage on case_row (shop_id, stage, case_id) where stage <> 'closed';
