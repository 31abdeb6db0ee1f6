//! Invariants after the faults are over and every event has been handled. A group
//! adds a module, and a line for each invariant in [`all`].

mod accounts;
mod catalog;
mod events;
mod happenings;
mod lines;
mod orders;
mod organizations;
mod sessions;
mod stock;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::platform::Platform;

/// Violations: a line for each case.
pub type Faults = Vec<String>;

/// An invariant. One that sends requests may change the state for the next ones.
pub struct Invariant {
    pub name: &'static str,
    pub faults: for<'a> fn(&'a Aftermath<'a>) -> BoxFuture<'a, Faults>,
}

/// The state of the platform at the end.
pub struct Aftermath<'a> {
    pub platform: &'a Platform,
    /// The table's items, as plain JSON.
    pub items: Vec<Value>,
    /// Number of lines at the end of the faults.
    pub healed_at: usize,
}

impl Aftermath<'_> {
    /// The items of one type.
    pub fn items(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.items.iter().filter(move |item| item["type"] == kind)
    }

    /// The entities of one type, by partition and sort key.
    pub fn entities<T: DeserializeOwned>(&self, kind: &str) -> BTreeMap<(String, String), T> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.items(kind)
            .map(|item| {
                ((text(&item["pk"]), text(&item["sk"])), serde_json::from_value(item.clone()).unwrap())
            })
            .collect()
    }
}

macro_rules! invariants {
    ($($module:ident::$name:ident),+ $(,)?) => {
        /// Every invariant, in the order of the checks.
        pub const ALL: &[Invariant] = &[
            $(Invariant {
                name: stringify!($name),
                faults: |aftermath| Box::pin($module::$name(aftermath)),
            },)+
        ];
    };
}

invariants! {
    events::every_change_is_published_and_nothing_else,
    events::an_event_id_is_one_fact,
    events::only_administrators_change_roles_and_statuses,
    events::everything_is_handled,
    events::every_write_counts_one_up,
    events::mails_are_sent_once,
    events::claimed_mails_are_sent,
    lines::no_line_says_that_we_are_wrong,
    lines::nothing_personal_is_logged,
    lines::operations_keep_to_their_budgets,
    accounts::an_address_has_one_login_or_none,
    accounts::an_administrator_is_left,
    accounts::deleted_accounts_are_gone,
    accounts::nothing_of_deleted_accounts_is_left,
    accounts::exports_are_whole,
    sessions::nothing_of_an_ended_session_works,
    sessions::living_sessions_work_and_refresh,
    accounts::acknowledged_accounts_log_in,
    catalog::the_tree_is_a_tree_after_every_change,
    catalog::granted_changes_of_the_tree_are_made_once,
    catalog::everybody_sees_the_tree_of_the_log,
    catalog::nothing_is_left_behind,
    catalog::a_category_has_an_item_and_no_other_is_left,
    catalog::products_stand_where_they_say,
    catalog::categories_count_their_products,
    catalog::made_products_are_there,
    catalog::products_follow_their_seller,
    catalog::sellers_count_their_products,
    stock::every_stock_adds_up,
    stock::orders_have_taken_what_is_gone,
    stock::stocks_are_adjusted_once,
    stock::offers_say_what_products_say,
    stock::shoppers_see_the_availability,
    orders::totals_are_the_sums_of_lines,
    orders::histories_follow_the_table,
    orders::a_key_is_one_order,
    orders::no_reservation_outlives_its_time,
    orders::buyers_are_what_accounts_are,
    orders::a_blocked_buyer_orders_nothing,
    orders::nobody_who_is_gone_has_orders_left,
    orders::deleted_orders_are_not_personal,
    orders::accounts_hold_what_their_orders_reserve,
    orders::no_account_holds_more_than_it_may,
    orders::lines_have_the_seller_of_their_order,
    organizations::an_owner_is_left_or_it_is_closed,
    organizations::organizations_count_their_members,
    organizations::members_are_accounts,
    organizations::an_address_has_one_invitation,
    organizations::public_profiles_are_those_of_accounts,
    happenings::a_slug_belongs_to_one_event,
    happenings::events_follow_their_organizer,
    happenings::a_title_moves_no_date,
    happenings::the_search_finds_what_is_listed,
}
