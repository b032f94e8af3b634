-- The first schema: the log, the outbox, what people list, how buyers stand, the registry.
--
-- Moments are bigint: milliseconds since 1970, as in the other backend. Ids of cases are version 7
-- UUIDs, which sort in order of opening. Every key starts with shop_id, so that the tables can be
-- distributed by it. Texts that are compared are of collation "C": byte order, as in SQLite, in
-- Rust, and on every machine whatever its locale.

-- The version of each stream (one order of one shop): what a commit locks and is checked against.
-- Room is left in each page, so that a new version stays where the old one was.
create table stream (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    version bigint not null check (version >= 0),
    primary key (shop_id, order_id)
) with (fillfactor = 80);

-- What happened, never changed. Sequences are drawn in order, but transactions end in any order:
-- the export waits for those that are still open (see export.rs).
create table event (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    version bigint not null check (version > 0),
    sequence bigint not null generated always as identity,
    kind text not null,
    at bigint not null,
    body text not null,
    -- Serves: one stream in order.
    primary key (shop_id, order_id, version)
);

-- Serves: the export of a shop.
create unique index event_by_shop on event (shop_id, sequence);

-- What the world must be asked. due_at is the moment from which an effect may be claimed: for a
-- leased one the end of its lease. Rows come and go, so the table is vacuumed early.
create table outbox (
    shop_id text collate "C" not null,
    effect_id text collate "C" not null,
    order_id text collate "C" not null,
    case_id uuid not null,
    kind text not null,
    state text not null check (state in ('waiting', 'leased', 'buried')),
    due_at bigint not null,
    attempts bigint not null check (attempts >= 0),
    note text not null,
    body text not null,
    primary key (shop_id, effect_id)
) with (autovacuum_vacuum_scale_factor = 0.02);

-- Serves: claims over all shops, oldest first.
create index outbox_due on outbox (due_at, shop_id, effect_id) where state <> 'buried';
-- Serves: the list of the buried, however many others wait.
create index outbox_buried on outbox (shop_id, effect_id) where state = 'buried';

-- Cases as people list them. due_at is the deadline people see; wakes_at is the moment from which
-- its timer may be claimed: the deadline, or the end of the lease of whoever claimed it.
create table case_row (
    shop_id text collate "C" not null,
    case_id uuid not null,
    order_id text collate "C" not null,
    buyer_id text collate "C" not null,
    case_type text collate "C" not null,
    stage text collate "C" not null,
    waits_for text collate "C",
    due_at bigint,
    wakes_at bigint,
    reason text collate "C" not null,
    amount_minor bigint not null,
    currency text collate "C" not null,
    opened_at bigint not null,
    updated_at bigint not null,
    version bigint not null,
    summary text not null,
    primary key (shop_id, case_id)
) with (fillfactor = 80);

-- Serves: the cases of an order. Order and buyer of a case never change.
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
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    buyer_id text collate "C" not null,
    placed_at bigint not null,
    version bigint not null,
    summary text not null,
    primary key (shop_id, order_id)
);

-- Serves: the orders of a shop, last placed first.
create index order_row_by_placed on order_row (shop_id, placed_at, order_id);
-- Serves: the orders of a buyer, last placed first.
create index order_row_by_buyer on order_row (shop_id, buyer_id, placed_at, order_id);

-- What was refunded to a buyer in a calendar year: the yearly limit is checked against it.
create table standing (
    shop_id text collate "C" not null,
    buyer_id text collate "C" not null,
    year bigint not null,
    refunded_minor bigint not null,
    primary key (shop_id, buyer_id, year)
) with (fillfactor = 80);

-- The registry: shops, people, keys, policies, files.
create table document (
    shop_id text collate "C" not null,
    kind text collate "C" not null,
    id text collate "C" not null,
    version bigint not null check (version > 0),
    updated_at bigint not null,
    body text not null,
    primary key (shop_id, kind, id)
);
