-- On SQLite figures and words moved to a file of their own. Here every table has been one all along,
-- and writers of different tables do not wait for each other: there is nothing to do.

select 1;
