-- A batch is written by one call (docs/adr/0014-a-batch-is-one-call-on-postgresql.md): seven
-- statements that travel one by one cost more than the rows they write.
--
-- The caller has judged the batch on what it expects to find: each stream at the version its
-- commits were decided on, each yearly total with room for what is added. This function writes
-- what follows, and says false where it found anything else; the caller then rolls back, whatever
-- was written until then, and goes the long way. Its number is part of its name: a process of an
-- earlier release goes on calling the one it knows.
--
-- Arrays are one a column, all of one table equally long. Streams and accounts come sorted, and
-- are locked in that order: a join by nested loops keeps to it. Plans are made once for any number
-- of rows, whatever the statistics say, and each row is found by its key.

create function commit_batch_1(
    stream_shop text[], stream_order text[], stream_expected bigint[], stream_version bigint[],
    new_shop text[], new_order text[], new_version bigint[],
    record_shop text[], record_order text[], record_version bigint[], record_kind text[],
    record_at bigint[], record_body text[],
    account_shop text[], account_buyer text[], account_year bigint[], account_add bigint[],
    account_room bigint[],
    effect_shop text[], effect_id text[], effect_order text[], effect_case uuid[],
    effect_kind text[], effect_due bigint[], effect_body text[],
    settled_shop text[], settled_effect text[],
    order_shop text[], order_id text[], order_buyer text[], order_placed bigint[],
    order_version bigint[], order_summary text[],
    case_is_new boolean[], case_shop text[], case_id uuid[], case_order text[],
    case_buyer text[], case_type text[],
    case_stage text[], case_waits_for text[], case_due bigint[], case_reason text[],
    case_amount bigint[], case_currency text[], case_opened bigint[], case_updated bigint[],
    case_version bigint[], case_summary text[]
) returns boolean
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    found bigint;
    added bigint;
begin
    -- Served by the primary key of stream. Locks, checks and writes in one.
    if cardinality(stream_shop) > 0 then
        update stream set version = new.version
        from (select unnest(stream_shop) as shop_id, unnest(stream_order) as order_id,
            unnest(stream_expected) as expected, unnest(stream_version) as version) as new
        where stream.shop_id = new.shop_id and stream.order_id = new.order_id
        and stream.version = new.expected;
        get diagnostics found = row_count;
        if found <> cardinality(stream_shop) then
            return false;
        end if;
    end if;
    -- A stream that another transaction creates at the same moment is waited for.
    if cardinality(new_shop) > 0 then
        insert into stream (shop_id, order_id, version)
        select unnest(new_shop), unnest(new_order), unnest(new_version)
        on conflict (shop_id, order_id) do nothing;
        get diagnostics found = row_count;
        if found <> cardinality(new_shop) then
            return false;
        end if;
    end if;
    -- Sequences are drawn in the order in which the records are given, and after the first write:
    -- the export relies on it.
    insert into event (shop_id, order_id, version, kind, at, body)
    select unnest(record_shop), unnest(record_order), unnest(record_version),
        unnest(record_kind), unnest(record_at), unnest(record_body);
    -- Served by the primary key of standing. An account that nobody has written to has room for
    -- the whole; one that another creates at the same moment is found to have been there.
    if cardinality(account_shop) > 0 then
        update standing set refunded_minor = standing.refunded_minor + new.add
        from (select unnest(account_shop) as shop_id, unnest(account_buyer) as buyer_id,
            unnest(account_year) as year, unnest(account_add) as add,
            unnest(account_room) as room) as new
        where standing.shop_id = new.shop_id and standing.buyer_id = new.buyer_id
        and standing.year = new.year and standing.refunded_minor <= new.room;
        get diagnostics found = row_count;
        if found <> cardinality(account_shop) then
            insert into standing (shop_id, buyer_id, year, refunded_minor)
            select unnest(account_shop), unnest(account_buyer), unnest(account_year),
                unnest(account_add)
            on conflict (shop_id, buyer_id, year) do nothing;
            get diagnostics added = row_count;
            if found + added <> cardinality(account_shop) then
                return false;
            end if;
        end if;
    end if;
    if cardinality(effect_shop) > 0 then
        insert into outbox (shop_id, effect_id, order_id, case_id, kind, state, due_at, attempts,
            note, body)
        select unnest(effect_shop), unnest(effect_id), unnest(effect_order), unnest(effect_case),
            unnest(effect_kind), 'waiting', unnest(effect_due), 0, '', unnest(effect_body);
    end if;
    -- Served by the primary key of outbox. After the new effects: a later commit of the batch may
    -- settle what an earlier one asked.
    if cardinality(settled_shop) > 0 then
        delete from outbox
        using (select unnest(settled_shop) as shop_id, unnest(settled_effect) as effect_id) as gone
        where outbox.shop_id = gone.shop_id and outbox.effect_id = gone.effect_id;
    end if;
    if cardinality(order_shop) > 0 then
        insert into order_row (shop_id, order_id, buyer_id, placed_at, version, summary)
        select unnest(order_shop), unnest(order_id), unnest(order_buyer), unnest(order_placed),
            unnest(order_version), unnest(order_summary)
        on conflict (shop_id, order_id) do update set buyer_id = excluded.buyer_id,
            placed_at = excluded.placed_at, version = excluded.version,
            summary = excluded.summary;
    end if;
    -- Order, buyer and moment of opening of a case never change and are left alone. A changed case
    -- is a timer anew: whoever had claimed the old one has lost it.
    if false = any (case_is_new) then
        update case_row set case_type = new.case_type, stage = new.stage,
            waits_for = new.waits_for, due_at = new.due_at, wakes_at = new.due_at,
            reason = new.reason, amount_minor = new.amount_minor, currency = new.currency,
            updated_at = new.updated_at, version = new.version, summary = new.summary
        from (select unnest(case_is_new) as is_new, unnest(case_shop) as shop_id,
            unnest(case_id) as case_id, unnest(case_type) as case_type,
            unnest(case_stage) as stage, unnest(case_waits_for) as waits_for,
            unnest(case_due) as due_at, unnest(case_reason) as reason,
            unnest(case_amount) as amount_minor, unnest(case_currency) as currency,
            unnest(case_updated) as updated_at, unnest(case_version) as version,
            unnest(case_summary) as summary) as new
        where not new.is_new and case_row.shop_id = new.shop_id
        and case_row.case_id = new.case_id;
        get diagnostics found = row_count;
        if found <> cardinality(array_positions(case_is_new, false)) then
            return false;
        end if;
    end if;
    if true = any (case_is_new) then
        insert into case_row (shop_id, case_id, order_id, buyer_id, case_type, stage, waits_for,
            due_at, wakes_at, reason, amount_minor, currency, opened_at, updated_at, version,
            summary)
        select new.shop_id, new.case_id, new.order_id, new.buyer_id, new.case_type, new.stage,
            new.waits_for, new.due_at, new.due_at, new.reason, new.amount_minor, new.currency,
            new.opened_at, new.updated_at, new.version, new.summary
        from (select unnest(case_is_new) as is_new, unnest(case_shop) as shop_id,
            unnest(case_id) as case_id, unnest(case_order) as order_id,
            unnest(case_buyer) as buyer_id, unnest(case_type) as case_type,
            unnest(case_stage) as stage, unnest(case_waits_for) as waits_for,
            unnest(case_due) as due_at, unnest(case_reason) as reason,
            unnest(case_amount) as amount_minor, unnest(case_currency) as currency,
            unnest(case_opened) as opened_at, unnest(case_updated) as updated_at,
            unnest(case_version) as version, unnest(case_summary) as summary) as new
        where new.is_new;
    end if;
    return true;
end $$;

-- What many ask at the same moment, answered by one call: records of streams (1), how buyers stand
-- (2), documents (3), orders of cases (4). The place of a question begins at one.
create function answer_1(
    load_shop text[], load_order text[], load_after bigint[],
    standing_shop text[], standing_buyer text[], standing_year bigint[], standing_since bigint[],
    counted_max bigint,
    document_shop text[], document_kind text[], document_id text[],
    case_shop text[], case_id uuid[]
) returns table (topic bigint, place bigint, first bigint, second bigint, name text, body text)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
begin
    -- Served by the primary key of event.
    if cardinality(load_shop) > 0 then
        return query select 1::bigint, wanted.place, event.version, event.at, event.kind, event.body
        from (select generate_subscripts(load_shop, 1)::bigint as place,
            unnest(load_shop) as shop_id, unnest(load_order) as order_id,
            unnest(load_after) as after) as wanted
        join event on event.shop_id = wanted.shop_id and event.order_id = wanted.order_id
        and event.version > wanted.after;
    end if;
    -- Served by the primary key of standing, and by case_row_by_buyer alone, newest first, so that
    -- counting ends at the limit.
    if cardinality(standing_shop) > 0 then
        return query select 2::bigint, wanted.place,
            coalesce((select standing.refunded_minor from standing
                where standing.shop_id = wanted.shop_id and standing.buyer_id = wanted.buyer_id
                and standing.year = wanted.year), 0),
            (select count(*) from (select 1 from case_row
                where case_row.shop_id = wanted.shop_id and case_row.buyer_id = wanted.buyer_id
                and case_row.opened_at >= wanted.since
                order by case_row.case_id desc limit counted_max) as counted),
            null::text, null::text
        from (select generate_subscripts(standing_shop, 1)::bigint as place,
            unnest(standing_shop) as shop_id, unnest(standing_buyer) as buyer_id,
            unnest(standing_year) as year, unnest(standing_since) as since) as wanted;
    end if;
    -- Served by the primary key of document.
    if cardinality(document_shop) > 0 then
        return query select 3::bigint, wanted.place, document.version, document.updated_at,
            null::text, document.body
        from (select generate_subscripts(document_shop, 1)::bigint as place,
            unnest(document_shop) as shop_id, unnest(document_kind) as kind,
            unnest(document_id) as id) as wanted
        join document on document.shop_id = wanted.shop_id and document.kind = wanted.kind
        and document.id = wanted.id;
    end if;
    -- Served by the primary key of case_row.
    if cardinality(case_shop) > 0 then
        return query select 4::bigint, wanted.place, null::bigint, null::bigint,
            case_row.order_id::text, null::text
        from (select generate_subscripts(case_shop, 1)::bigint as place,
            unnest(case_shop) as shop_id, unnest(case_id) as case_id) as wanted
        join case_row on case_row.shop_id = wanted.shop_id and case_row.case_id = wanted.case_id;
    end if;
end $$;
