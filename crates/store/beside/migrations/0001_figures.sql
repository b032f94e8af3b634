-- Figures and words to search by: made by the follower in a file beside the log, all of it disposable.
-- Days are counted from 1970-01-01 in China.

-- How far the log of a shop has been followed.
create table followed (
    shop_id text not null,
    sequence integer not null,
    primary key (shop_id)
) strict, without rowid;

-- One case in figures.
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

-- Serves: every sum over a stretch of days.
create index case_figure_by_day on case_figure (shop_id, opened_on, case_id);

-- One order in figures: what the days below are made of, so that a day can be corrected.
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

-- Paid orders by day of placing: what refunds are measured against.
create table order_day (
    shop_id text not null,
    placed_on integer not null,
    currency text not null,
    orders integer not null,
    paid_minor integer not null,
    primary key (shop_id, placed_on, currency)
) strict, without rowid;

-- The words of a case. The row number is for the index of grams alone.
create table case_text (
    row_no integer primary key,
    shop_id text not null,
    case_id blob not null,
    order_id text not null,
    version integer not null,
    text text not null
) strict;

-- Serves: one case, and the last opened of a shop.
create unique index case_text_by_case on case_text (shop_id, case_id);

-- Which texts have a gram in them (engine::search). The text itself is not kept twice.
create virtual table case_gram using fts5 (
    grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
