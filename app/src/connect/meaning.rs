//! What the account's status means for the members there are, and what the merchant can do about it.

use leptos::prelude::*;
use model::{account::AccountStatus, connect::ConnectView};

/// Nothing while the account works.
#[component]
pub fn Meaning(view: StoredValue<ConnectView>) -> impl IntoView {
    let (members, to_do) = view.with_value(|view| {
        let had_one = !view.history.is_empty();
        (
            members(&view.status, had_one),
            to_do(&view.status, view.can_connect_existing, had_one),
        )
    });
    let fact = |name: &'static str, text: Option<&'static str>| {
        text.map(|text| {
            view! {
                <dt>{name}</dt>
                <dd>{text}</dd>
            }
        })
    };
    (members.is_some() || to_do.is_some()).then(|| {
        view! { <dl class="facts">{fact("Your members", members)} {fact("What to do", to_do)}</dl> }
    })
}

/// What they keep, and what they cannot do.
const fn members(status: &AccountStatus, had_one: bool) -> Option<&'static str> {
    match status {
        AccountStatus::Unlinked if had_one => Some(
            "Those who subscribed on the account before keep their roles until what they paid for ends. Nothing renews here.",
        ),
        AccountStatus::Disconnected | AccountStatus::Rejected => Some(
            "They keep their roles until what they paid for ends. Nothing renews, and nobody can subscribe, switch or pay here.",
        ),
        AccountStatus::Restricted | AccountStatus::Incomplete => {
            Some("They keep what they have. Until Stripe allows payments, nobody can subscribe, switch or pay here.")
        }
        _ => None,
    }
}

/// The way on.
const fn to_do(status: &AccountStatus, can_connect_existing: bool, had_one: bool) -> Option<&'static str> {
    match status {
        AccountStatus::Unlinked if had_one && can_connect_existing => Some(
            "Connect the same account again, and everything comes back. Or connect another one: your plans can be created there in one go, and members subscribe anew.",
        ),
        AccountStatus::Unlinked if had_one => {
            Some("Connect an account. Your plans can be created there in one go, and members subscribe anew.")
        }
        AccountStatus::Disconnected if can_connect_existing => Some(
            "Reconnect the same account, and everything comes back; an account you closed can be reopened at Stripe for a while. Or connect another one: your plans can be created there in one go, and members subscribe anew.",
        ),
        AccountStatus::Disconnected => Some(
            "Connect another account: your plans can be created there in one go, and members subscribe anew. Reconnecting the same account is not set up on this platform.",
        ),
        AccountStatus::Rejected => Some(
            "If you think that Stripe is wrong, write to its support. To sell with another account, disconnect this one first, then connect the other.",
        ),
        AccountStatus::Restricted => Some(
            "Complete what is due at Stripe. When nothing is listed here, Stripe is still looking at the account. This page notices when payments work again.",
        ),
        AccountStatus::Incomplete => Some("Go on with the onboarding at Stripe; what you filled in is kept there."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_closes_the_shop_says_what_members_keep_and_what_to_do() {
        for status in [
            AccountStatus::Disconnected,
            AccountStatus::Rejected,
            AccountStatus::Restricted,
            AccountStatus::Incomplete,
        ] {
            assert!(
                members(&status, false).is_some_and(|text| text.contains("keep")),
                "{status:?}"
            );
            assert!(to_do(&status, true, false).is_some(), "{status:?}");
        }
        assert!(members(&AccountStatus::Unlinked, true).is_some());
    }

    #[test]
    fn an_account_that_works_needs_no_words_and_neither_does_a_new_store() {
        for status in [
            AccountStatus::Paused,
            AccountStatus::Ready { due_soon: None },
            AccountStatus::Unlinked,
        ] {
            assert_eq!(
                (members(&status, false), to_do(&status, true, false)),
                (None, None),
                "{status:?}"
            );
        }
    }

    #[test]
    fn reconnecting_is_offered_only_where_it_is_possible() {
        let offers =
            |can| to_do(&AccountStatus::Disconnected, can, false).is_some_and(|text| text.starts_with("Reconnect"));
        assert!(offers(true));
        assert!(!offers(false));
    }
}
