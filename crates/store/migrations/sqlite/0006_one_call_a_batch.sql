-- On PostgreSQL a batch is written by one call. Here a statement does not travel, and each row goes
-- through a statement that is prepared once: there is nothing to do.

select 1;
