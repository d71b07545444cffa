//! What the account's status means for the members there are, and what the merchant can do about it.

use leptos::prelude::*;
use model::{account::AccountStatus, connect::ConnectView};

/// Nothing while the account works.
#[component]
pub fn Meaning(view: StoredValue<ConnectView>) -> impl IntoView {
    let (members, to_do) = view.with_value(|view| {
        // A new store has nobody who could keep anything.
        let members = view.has_subscribers.then(|| members(&view.status)).flatten();
        (members, to_do(view))
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
const fn members(status: &AccountStatus) -> Option<&'static str> {
    match status {
        AccountStatus::Unlinked => Some(
            "Those who subscribed on the account before keep their roles until what they paid for ends. Nothing renews here.",
        ),
        AccountStatus::Disconnected | AccountStatus::Rejected => Some(
            "They keep their roles until what they paid for ends. Nothing renews, and nobody can subscribe, switch or pay here.",
        ),
        AccountStatus::Restricted | AccountStatus::Incomplete => {
            Some("They keep what they have. Until Stripe allows payments, nobody can subscribe, switch or pay here.")
        }
        AccountStatus::Paused | AccountStatus::Ready { .. } => None,
    }
}

/// The way on.
fn to_do(view: &ConnectView) -> Option<&'static str> {
    match view.status {
        AccountStatus::Unlinked if view.comes_back() => Some(
            "Connect the same account again, and everything comes back. Or connect another one: your plans can be created there in one go, and members subscribe anew.",
        ),
        AccountStatus::Unlinked if !view.history.is_empty() => {
            Some("Connect an account. Your plans can be created there in one go, and members subscribe anew.")
        }
        AccountStatus::Disconnected if view.comes_back() => Some(
            "Reconnect the same account, and everything comes back; an account you closed can be reopened at Stripe for a while. Or connect another one: your plans can be created there in one go, and members subscribe anew.",
        ),
        AccountStatus::Disconnected if view.deleted => Some(
            "The account was deleted at Stripe, so it cannot come back. Connect another one: your plans can be created there in one go, and members subscribe anew.",
        ),
        AccountStatus::Disconnected => Some(
            "Connect another account: your plans can be created there in one go, and members subscribe anew. Reconnecting the same account is not set up on this platform.",
        ),
        AccountStatus::Rejected => Some(
            "If you think that Stripe is wrong, write to its support. To sell with another account, disconnect this one first, then connect the other.",
        ),
        AccountStatus::Restricted | AccountStatus::Incomplete if !view.asks_for_something() => Some(
            "Nothing: Stripe is looking at the account, and asks for nothing more. This page notices when payments work.",
        ),
        AccountStatus::Restricted => {
            Some("Complete what is due at Stripe. This page notices when payments work again.")
        }
        AccountStatus::Incomplete => Some("Go on with the onboarding at Stripe; what you filled in is kept there."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::account::AccountSnapshot;

    use super::*;

    fn of(status: AccountStatus) -> ConnectView {
        let asking = AccountSnapshot {
            details_submitted: true,
            past_due: vec!["external_account".into()],
            ..AccountSnapshot::default()
        };
        ConnectView {
            status,
            stripe_is_silent: false,
            snapshot: Some(asking),
            dashboard_url: None,
            may_control: true,
            revokes_at_stripe: true,
            can_connect_existing: true,
            platform_fee: None,
            deleted: false,
            has_subscribers: true,
            tiers_elsewhere: 0,
            history: Vec::new(),
        }
    }

    #[test]
    fn every_status_that_closes_the_shop_says_what_members_keep_and_what_to_do() {
        for status in [
            AccountStatus::Disconnected,
            AccountStatus::Rejected,
            AccountStatus::Restricted,
            AccountStatus::Incomplete,
        ] {
            assert!(members(&status).is_some_and(|text| text.contains("keep")), "{status:?}");
            assert!(to_do(&of(status.clone())).is_some(), "{status:?}");
        }
        assert!(members(&AccountStatus::Unlinked).is_some());
    }

    #[test]
    fn an_account_that_works_needs_no_words_and_neither_does_a_new_store() {
        for status in [AccountStatus::Paused, AccountStatus::Ready { due_soon: None }] {
            assert_eq!(
                (members(&status), to_do(&of(status.clone()))),
                (None, None),
                "{status:?}"
            );
        }
        assert_eq!(to_do(&of(AccountStatus::Unlinked)), None);
    }

    #[test]
    fn reconnecting_is_offered_only_where_it_is_possible() {
        let offers = |view: &ConnectView| to_do(view).is_some_and(|text| text.starts_with("Reconnect"));
        let lost = of(AccountStatus::Disconnected);
        assert!(offers(&lost));
        let not_set_up = ConnectView {
            can_connect_existing: false,
            ..lost.clone()
        };
        let deleted = ConnectView { deleted: true, ..lost };
        assert!(!offers(&not_set_up) && !offers(&deleted));
        assert!(to_do(&deleted).is_some_and(|text| text.contains("cannot come back")));
    }

    #[test]
    fn while_stripe_looks_at_the_account_nothing_is_to_be_done() {
        let looking = ConnectView {
            snapshot: Some(AccountSnapshot {
                details_submitted: true,
                ..AccountSnapshot::default()
            }),
            ..of(AccountStatus::Restricted)
        };
        assert!(to_do(&looking).is_some_and(|text| text.starts_with("Nothing")));
        assert!(to_do(&of(AccountStatus::Restricted)).is_some_and(|text| text.starts_with("Complete")));
    }
}
