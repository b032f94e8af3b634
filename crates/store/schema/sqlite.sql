-- Today's schema on one page, as the migrations give it. Made by the conformance suite
-- with WANBI_BLESS=1; the reasons are in the migrations.

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
    summary text not null, urgent_at integer,
    primary key (shop_id, case_id)
) strict;

create index case_row_by_buyer on case_row (shop_id, buyer_id, case_id, opened_at);

create index case_row_by_deadline on case_row (shop_id, stage, waits_for, due_at, case_id)
    where due_at is not null;

create index case_row_by_stage on case_row (shop_id, stage, waits_for, case_id)
    where stage <> 'closed';

create index case_row_by_urgency on case_row (shop_id, stage, waits_for, urgent_at, case_id)
    where urgent_at is not null;

create index case_row_disputed on case_row (due_at, case_id) where stage = 'disputed';

create index case_row_wakes on case_row (wakes_at, shop_id, case_id) where wakes_at is not null;

create table document (
    shop_id text not null,
    kind text not null,
    id text not null,
    version integer not null check (version > 0),
    updated_at integer not null,
    body text not null,
    primary key (shop_id, kind, id)
) strict;

create table event (
    sequence integer primary key,
    shop_id text not null,
    order_id text not null,
    version integer not null check (version > 0),
    kind text not null,
    at integer not null,
    body text not null
) strict;

create index event_by_shop on event (shop_id);

create unique index event_by_stream on event (shop_id, order_id, version);

create table order_row (
    shop_id text not null,
    order_id text not null,
    buyer_id text not null,
    placed_at integer not null,
    version integer not null,
    summary text not null,
    primary key (shop_id, order_id)
) strict;

create index order_row_by_buyer on order_row (shop_id, buyer_id, placed_at, order_id);

create index order_row_by_placed on order_row (shop_id, placed_at, order_id);

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

create index outbox_buried on outbox (shop_id, effect_id) where state = 'buried';

create index outbox_due on outbox (due_at, shop_id, effect_id) where state <> 'buried';

create table standing (
    shop_id text not null,
    buyer_id text not null,
    year integer not null,
    refunded_minor integer not null,
    primary key (shop_id, buyer_id, year)
) strict, without rowid;

-- In the file of figures beside it.

create table case_figure (
    shop_id text not null,
    case_id blob not null,
    order_id text not null,
    version integer not null,
    opened_on integer not null,
    case_type text not null,
    reason text not null,
    fault text not null,
    product text not null,
    title text not null,
    batch text not null,
    currency text not null,
    asked_minor integer not null,
    refunded_minor integer not null,
    succeeded_minor integer not null,
    paid_out_minor integer not null,
    failed_minor integer not null,
    outcome text,
    decided text,
    answered_ms integer,
    ruled text,
    refusing text not null,
    primary key (shop_id, case_id)
) strict;

create index case_figure_by_day on case_figure (shop_id, opened_on, case_id);

create virtual table case_gram using fts5 (
    grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

create table case_text (
    row_no integer primary key,
    shop_id text not null,
    case_id blob not null,
    order_id text not null,
    version integer not null,
    text text not null
) strict;

create unique index case_text_by_case on case_text (shop_id, case_id);

create table followed (
    shop_id text not null,
    sequence integer not null,
    primary key (shop_id)
) strict, without rowid;

create table order_day (
    shop_id text not null,
    placed_on integer not null,
    currency text not null,
    orders integer not null,
    paid_minor integer not null,
    primary key (shop_id, placed_on, currency)
) strict, without rowid;

create table order_figure (
    shop_id text not null,
    order_id text not null,
    version integer not null,
    placed_on integer not null,
    currency text not null,
    orders integer not null,
    paid_minor integer not null,
    primary key (shop_id, order_id)
) strict, without rowid;
