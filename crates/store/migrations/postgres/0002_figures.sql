-- Figures and words to search by: made by the follower beside the write path, all of it disposable.
-- Days are counted from 1970-01-01 in China.

-- How far the log of a shop has been followed.
create table followed (
    shop_id text collate "C" not null,
    sequence bigint not null,
    primary key (shop_id)
) with (fillfactor = 50);

-- One case in figures.
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
) with (fillfactor = 80);

-- Serves: every sum over a stretch of days.
create index case_figure_by_day on case_figure (shop_id, opened_on, case_id);

-- One order in figures: what the days below are made of, so that a day can be corrected.
create table order_figure (
    shop_id text collate "C" not null,
    order_id text collate "C" not null,
    version bigint not null,
    placed_on bigint not null,
    currency text collate "C" not null,
    orders bigint not null,
    paid_minor bigint not null,
    primary key (shop_id, order_id)
) with (fillfactor = 80);

-- Paid orders by day of placing: what refunds are measured against.
create table order_day (
    shop_id text collate "C" not null,
    placed_on bigint not null,
    currency text collate "C" not null,
    orders bigint not null,
    paid_minor bigint not null,
    primary key (shop_id, placed_on, currency)
) with (fillfactor = 50);

-- The words of a case, and their grams (engine::search), each with the mark of the shop.
create table case_text (
    shop_id text collate "C" not null,
    case_id uuid not null,
    order_id text collate "C" not null,
    version bigint not null,
    text text collate "C" not null,
    grams text[] collate "C" not null,
    primary key (shop_id, case_id)
);

-- Serves: which texts have all of these grams in them. Part of every PostgreSQL, no extension.
create index case_text_by_gram on case_text using gin (grams);
