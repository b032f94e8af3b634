-- The first schema: the log, the outbox, what people list, how buyers stand, the registry.
--
-- Moments are integers: milliseconds since 1970. Ids of cases are the 16 bytes of their UUID,
-- so that they sort in order of opening. Every key starts with shop_id.

-- The version of each stream (one order of one shop): what a commit is checked against.
create table stream (
    shop_id text not null,
    order_id text not null,
    version integer not null check (version >= 0),
    primary key (shop_id, order_id)
) strict, without rowid;

-- What happened, never changed. The sequence is the row id: appending writes the last page only.
create table event (
    sequence integer primary key,
    shop_id text not null,
    order_id text not null,
    version integer not null check (version > 0),
    kind text not null,
    at integer not null,
    body text not null
) strict;

-- Serves: one stream in order.
create unique index event_by_stream on event (shop_id, order_id, version);
-- Serves: the export of a shop (SQLite ends every index with the row id).
create index event_by_shop on event (shop_id);

-- What the world must be asked. due_at is the moment from which an effect may be claimed: for a
-- leased one the end of its lease.
create table outbox (
    shop_id text not null,
    effect_id text not null,
    order_id text not null,
    case_id blob not null,
    kind text not null,
    state text not null check (state in ('waiting', 'leased', 'buried')),
    due_at integer not null,
    attempts integer not null check (attempts >= 0),
    note text not null,
    body text not null,
    primary key (shop_id, effect_id)
) strict, without rowid;

-- Serves: claims over all shops, oldest first.
create index outbox_due on outbox (due_at, shop_id, effect_id) where state <> 'buried';
-- Serves: the list of the buried, however many others wait.
create index outbox_buried on outbox (shop_id, effect_id) where state = 'buried';

-- Cases as people list them. due_at is the deadline people see; wakes_at is the moment from which
-- its timer may be claimed: the deadline, or the end of the lease of whoever claimed it.
create table case_row (
    shop_id text not null,
    case_id blob not null,
    order_id text not null,
    buyer_id text not null,
    case_type text not null,
    stage text not null,
    waits_for text,
    due_at integer,
    wakes_at integer,
    reason text not null,
    amount_minor integer not null,
    currency text not null,
    opened_at integer not null,
    updated_at integer not null,
    version integer not null,
    summary text not null,
    primary key (shop_id, case_id)
) strict;

-- Serves: the cases of an order. Order and buyer of a case never change, nor do these two indexes.
create index case_row_by_order on case_row (shop_id, order_id, case_id);
-- Serves: the cases of a buyer, and how many since a moment.
create index case_row_by_buyer on case_row (shop_id, buyer_id, case_id, opened_at);
-- Serves: the cases in a stage, last opened first.
create index case_row_by_stage on case_row (shop_id, stage, case_id);
-- Serves: the work of a shop, nearest deadline first; closed cases are not in it.
create index case_row_by_deadline on case_row (shop_id, due_at, case_id) where due_at is not null;
-- Serves: timers over all shops, earliest first.
create index case_row_wakes on case_row (wakes_at, shop_id, case_id) where wakes_at is not null;
-- Serves: the platform's desk, which sees disputes of all shops.
create index case_row_disputed on case_row (due_at, case_id) where stage = 'disputed';

-- Orders as people list them.
create table order_row (
    shop_id text not null,
    order_id text not null,
    buyer_id text not null,
    placed_at integer not null,
    version integer not null,
    summary text not null,
    primary key (shop_id, order_id)
) strict;

-- Serves: the orders of a shop, last placed first.
create index order_row_by_placed on order_row (shop_id, placed_at, order_id);
-- Serves: the orders of a buyer, last placed first.
create index order_row_by_buyer on order_row (shop_id, buyer_id, placed_at, order_id);

-- What was refunded to a buyer in a calendar year: the yearly limit is checked against it.
create table standing (
    shop_id text not null,
    buyer_id text not null,
    year integer not null,
    refunded_minor integer not null,
    primary key (shop_id, buyer_id, year)
) strict, without rowid;

-- The registry: shops, people, keys, policies, files.
create table document (
    shop_id text not null,
    kind text not null,
    id text not null,
    version integer not null check (version > 0),
    updated_at integer not null,
    body text not null,
    primary key (shop_id, kind, id)
) strict;
