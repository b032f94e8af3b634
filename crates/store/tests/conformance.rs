//! One suite, two databases: each fact is tested on SQLite and on PostgreSQL, and they must agree.
//!
//! PostgreSQL is the server that `WANBI_TEST_POSTGRES` names; `cargo xtask test` starts one.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the facts are functions called by tests, and a test ends where something is amiss"
)]

mod conformance {
    pub mod beside;
    pub mod claims;
    pub mod commits;
    pub mod documents;
    pub mod faults;
    pub mod figures;
    pub mod fixture;
    pub mod follow;
    pub mod ground;
    pub mod guards;
    pub mod lists;
    pub mod log;
    pub mod opening;
    pub mod outbox;
    pub mod rebuild;
    pub mod schema;
    pub mod search;
    pub mod texts;
    pub mod timers;
}

/// Each fact twice, once a database.
macro_rules! facts {
    ($($module:ident { $($fact:ident)* })*) => {
        mod sqlite {
            $(mod $module {
                use crate::conformance::{ground::Ground, $module};
                $(#[tokio::test(flavor = "multi_thread")]
                async fn $fact() {
                    Ground::sqlite().await.hold($module::$fact).await;
                })*
            })*
        }

        mod postgres {
            $(mod $module {
                use crate::conformance::{ground::Ground, $module};
                $(#[tokio::test(flavor = "multi_thread")]
                async fn $fact() {
                    Ground::postgres().await.hold($module::$fact).await;
                })*
            })*
        }
    };
}

facts! {
    commits {
        a_fresh_commit_is_there_whole
        a_case_that_changes_in_the_moment_it_was_opened_is_written
        a_row_that_was_thrown_away_comes_back_with_the_next_commit
        a_commit_on_an_old_version_is_a_conflict
        a_commit_on_a_version_to_come_is_a_conflict
        of_two_commits_on_one_version_in_a_batch_the_first_wins
        a_chain_in_one_batch_is_written_whole
        a_refused_commit_writes_nothing_and_the_others_stand
        a_commit_settles_an_effect
        an_effect_asked_and_settled_in_one_batch_is_gone
        the_same_order_of_two_shops_is_two_streams
        of_many_writers_of_one_version_exactly_one_wins
        of_many_creators_of_one_stream_exactly_one_wins
        batches_over_the_same_streams_in_any_order_all_end
        an_empty_batch_is_nothing
        a_malformed_commit_is_refused_before_anything_is_written
    }
    guards {
        a_total_adds_up_to_the_cap_and_no_further
        two_streams_that_race_for_one_cap_do_not_both_pass
        giving_back_always_holds
        totals_are_kept_by_shop_buyer_and_year
        a_buyers_cases_are_counted_from_a_moment
    }
    claims {
        a_claimed_effect_is_leased_and_due_again_when_the_lease_ends
        the_oldest_is_claimed_first_and_no_more_than_the_limit
        what_is_not_due_is_not_claimed
        no_effect_is_claimed_twice_at_once
    }
    outbox {
        a_deferred_effect_is_due_later_and_says_why
        a_stale_deferral_changes_nothing
        a_buried_effect_is_not_claimed_until_it_is_revived
        only_waiting_and_buried_effects_are_revived
        a_settled_effect_is_gone
        effects_are_listed_by_id_state_and_cursor
        the_outbox_is_counted
        what_falls_due_next_is_known
    }
    timers {
        a_due_timer_is_claimed_once_a_lease
        the_earliest_timer_is_claimed_first
        a_case_that_is_rewritten_loses_its_lease
        a_case_without_deadline_has_no_timer
        no_timer_is_claimed_twice_at_once
    }
    lists {
        every_filter_of_cases_filters
        cases_are_narrowed_by_marks_and_amount_and_ordered_by_risk
        cases_are_narrowed_by_when_they_were_opened
        filters_are_combined
        newest_cases_come_first_and_pages_go_on
        cases_with_one_deadline_are_paged_without_loss
        lists_of_work_are_paged_without_loss_in_every_order
        a_narrowed_list_looks_at_so_many_and_goes_on
        the_platform_sees_disputes_of_all_shops
        orders_are_listed_last_placed_first
        limits_are_held_between_one_and_the_most
    }
    documents {
        a_document_is_created_and_changed_by_version
        a_document_of_another_version_is_not_written
        documents_are_written_all_or_none
        documents_are_listed_by_kind_and_id
        documents_are_listed_backwards
        of_many_writers_of_one_document_exactly_one_wins
    }
    log {
        a_stream_is_loaded_from_any_version_on
        records_are_exported_in_order_of_writing
        an_export_that_follows_writers_misses_nothing
        streams_are_listed_by_order_id
        the_order_of_a_case_is_found_within_its_shop
    }
    rebuild {
        views_are_replaced_and_nothing_else
        a_rebuild_of_an_old_version_is_told_to_look_again
    }
    figures {
        figures_come_out_as_they_went_in
        a_stretch_is_written_only_where_it_begins
        a_row_of_an_older_version_is_left_out
        a_day_is_the_sum_of_its_orders_whatever_changes
        cases_are_summed_by_day
        the_largest_groups_come_first
        first_answers_are_counted_by_whole_hours
        cases_in_figures_are_paged
        cases_in_figures_are_cut_by_what_is_named
        open_work_is_counted_by_stage_and_side
        open_work_is_counted_up_to_a_limit
        what_is_forgotten_is_made_anew
    }
    search {
        every_word_must_be_in_the_text
        a_piece_of_a_number_is_enough
        special_characters_are_characters
        the_last_opened_come_first_and_no_more_than_the_limit
        a_search_looks_at_so_many_and_goes_on
        another_shops_cases_are_never_found
        a_changed_text_is_found_by_its_new_words_only
    }
    follow {
        views_are_what_the_log_says
        shops_with_news_are_those_not_followed_to_their_end
        two_followers_write_each_stretch_once
        a_follower_that_begins_anew_makes_the_same_rows
    }
    texts {
        odd_texts_come_out_as_they_went_in
        a_nul_character_is_refused_everywhere
        a_note_is_cleaned_and_cut
        a_body_of_a_megabyte_is_kept
        texts_are_ordered_by_their_bytes
    }
    faults {
        a_lock_that_is_held_for_too_long_is_busy
        a_commit_that_fails_at_its_end_is_unknown
        a_statement_that_fails_is_broken_and_leaves_nothing
    }
    opening {
        what_was_committed_is_there_after_reopening
        a_schema_from_the_future_is_refused
        a_broken_row_is_told_with_its_column
        many_may_open_at_once
    }
    schema {
        the_page_shows_todays_schema
    }
}

#[test]
fn both_backends_have_the_same_migrations() {
    conformance::schema::both_backends_have_the_same_migrations();
}

#[tokio::test]
async fn a_url_of_neither_database_is_refused() {
    conformance::opening::a_url_of_neither_database_is_refused().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_waits_for_open_transactions() {
    conformance::ground::Ground::postgres()
        .await
        .hold(conformance::log::an_export_waits_for_open_transactions)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_transaction_is_not_passed_over() {
    conformance::ground::Ground::postgres()
        .await
        .hold(conformance::follow::a_slow_transaction_is_not_passed_over)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_does_not_wait_for_the_follower() {
    conformance::ground::Ground::sqlite()
        .await
        .hold(conformance::beside::a_command_does_not_wait_for_the_follower)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_file_of_figures_is_made_anew() {
    conformance::ground::Ground::sqlite()
        .await
        .hold(conformance::beside::a_lost_file_of_figures_is_made_anew)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_another_log_are_forgotten() {
    conformance::ground::Ground::sqlite()
        .await
        .hold(conformance::beside::figures_of_another_log_are_forgotten)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_busy_and_then_replaced() {
    conformance::ground::Ground::postgres()
        .await
        .hold(conformance::faults::a_lost_connection_is_busy_and_then_replaced)
        .await;
}
