-- Today's schema on one page, as the migrations give it. Made by the conformance suite
-- with WANBI_BLESS=1; the reasons are in the migrations.

create table case_figure (
    shop_id text collate "C" not null,
    case_id uuid not null,
    order_id text collate "C" not null,
    version bigint not null,
    opened_on bigint not null,
    case_type text collate "C" not null,
    reason text collate "C" not null,
    fault text collate "C" not null,
    product text collate "C" not null,
    title text not null,
    batch text collate "C" not null,
    currency text collate "C" not null,
    asked_minor bigint not null,
    refunded_minor bigint not null,
    succeeded_minor bigint not null,
    paid_out_minor bigint not null,
    failed_minor bigint not null,
    outcome text collate "C",
    decided text collate "C",
    answered_ms bigint,
    ruled text collate "C",
    refusing text collate "C" not null,
    primary key (shop_id, case_id)
) with (fillfactor=80);

create index case_figure_by_day on case_figure (shop_id, opened_on, case_id);

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
    urgent_at bigint generated always as ((due_at + (21600000 *
case
    when (amount_minor < 1000) then 13
    when (amount_minor < 2000) then 12
    when (amount_minor < 4000) then 11
    when (amount_minor < 8000) then 10
    when (amount_minor < 16000) then 9
    when (amount_minor < 32000) then 8
    when (amount_minor < 64000) then 7
    when (amount_minor < 128000) then 6
    when (amount_minor < 256000) then 5
    when (amount_minor < 512000) then 4
    when (amount_minor < 1024000) then 3
    when (amount_minor < 2048000) then 2
    when (amount_minor < 4096000) then 1
    else 0
end))) stored,
    primary key (shop_id, case_id)
) with (fillfactor=80);

create index case_row_by_buyer on case_row (shop_id, buyer_id, case_id, opened_at);

create index case_row_by_deadline on case_row (shop_id, stage, waits_for, due_at, case_id) where (due_at is not null);

create index case_row_by_stage on case_row (shop_id, stage, waits_for, case_id) where (stage <> 'closed');

create index case_row_by_urgency on case_row (shop_id, stage, waits_for, urgent_at, case_id) where (urgent_at is not null);

create index case_row_disputed on case_row (due_at, case_id) where (stage = 'disputed');

create index case_row_wakes on case_row (wakes_at, shop_id, case_id) where (wakes_at is not null);

create table case_text (
    shop_id text collate "C" not null,
    case_id uuid not null,
    order_id text collate "C" not null,
    version bigint not null,
    text text collate "C" not null,
    grams text[] collate "C" not null,
    primary key (shop_id, case_id)
);

create index case_text_by_gram on case_text using gin (grams);

create table document (
    shop_id text collate "C" not null,
    kind text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    updated_at bigint not null,
    body text not null,
    check ((version > 0)),
    primary key (shop_id, kind, id)
);

create table event (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    version bigint not null,
    sequence bigint not null generated always as identity,
    kind text not null,
    at bigint not null,
    body text not null,
    check ((version > 0)),
    primary key (shop_id, order_id, version)
);

create unique index event_by_shop on event (shop_id, sequence);

create table followed (
    shop_id text collate "C" not null,
    sequence bigint not null,
    primary key (shop_id)
) with (fillfactor=50);

create table order_day (
    shop_id text collate "C" not null,
    placed_on bigint not null,
    currency text collate "C" not null,
    orders bigint not null,
    paid_minor bigint not null,
    primary key (shop_id, placed_on, currency)
) with (fillfactor=50);

create table order_figure (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    version bigint not null,
    placed_on bigint not null,
    currency text collate "C" not null,
    orders bigint not null,
    paid_minor bigint not null,
    primary key (shop_id, order_id)
) with (fillfactor=80);

create table order_row (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    buyer_id text collate "C" not null,
    placed_at bigint not null,
    version bigint not null,
    summary text not null,
    primary key (shop_id, order_id)
);

create index order_row_by_buyer on order_row (shop_id, buyer_id, placed_at, order_id);

create index order_row_by_placed on order_row (shop_id, placed_at, order_id);

create table outbox (
    shop_id text collate "C" not null,
    effect_id text collate "C" not null,
    order_id text collate "C" not null,
    case_id uuid not null,
    kind text not null,
    state text not null,
    due_at bigint not null,
    attempts bigint not null,
    note text not null,
    body text not null,
    check ((attempts >= 0)),
    check ((state = any (array['waiting', 'leased', 'buried']))),
    primary key (shop_id, effect_id)
) with (autovacuum_vacuum_scale_factor=0.02);

create index outbox_buried on outbox (shop_id, effect_id) where (state = 'buried');

create index outbox_due on outbox (due_at, shop_id, effect_id) where (state <> 'buried');

create table standing (
    shop_id text collate "C" not null,
    buyer_id text collate "C" not null,
    year bigint not null,
    refunded_minor bigint not null,
    primary key (shop_id, buyer_id, year)
) with (fillfactor=80);

create table stream (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    version bigint not null,
    check ((version >= 0)),
    primary key (shop_id, order_id)
) with (fillfactor=80);
