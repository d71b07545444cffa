//! What needs a person for as long as it is so, and cannot be dismissed: an account that stopped, members who owe.

use leptos::prelude::*;
use model::account::AccountStatus;

use crate::{
    community::current::use_community,
    ui::{Badge, Tone},
};

/// The way on stands on the account's own card.
#[component]
pub fn StoppedAccount(status: AccountStatus) -> impl IntoView {
    view! {
        <li class="attention">
            <p class="row">
                <Badge tone=Tone::Danger>"Stripe account"</Badge>
                <span class="small quiet">{status.label()}</span>
            </p>
            <p class="quiet">{stopped(&status)} " What to do is below."</p>
        </li>
    }
}

#[component]
pub fn InGraceCount(count: usize, may_view: bool) -> impl IntoView {
    let slug = use_community().slug;
    let link = may_view.then(|| {
        let href = move || ["/c/", &slug.get(), "/manage/members"].concat();
        view! {
            <div class="actions">
                <a class="button" href=href>
                    "See who"
                </a>
            </div>
        }
    });
    view! {
        <li class="attention">
            <p class="row">
                <Badge tone=Tone::Warning>"Payment due"</Badge>
            </p>
            <p class="quiet">{owing(count)}</p>
            {link}
        </li>
    }
}

fn stopped(status: &AccountStatus) -> &'static str {
    match status {
        AccountStatus::Rejected => "Stripe rejected your account: nothing is sold, and memberships do not renew.",
        AccountStatus::Restricted | AccountStatus::Incomplete => {
            "Stripe does not allow payments on your account right now, so nobody can subscribe, switch or pay."
        }
        AccountStatus::Disconnected => {
            "This store lost access to your Stripe account: nothing is sold, and memberships do not renew here."
        }
        _ => "No Stripe account is connected: nothing is sold, and memberships do not renew here.",
    }
}

fn owing(count: usize) -> String {
    if count == 1 {
        "1 member owes a payment. They keep their role for the grace days, and have been written to.".to_owned()
    } else {
        format!("{count} members owe a payment. They keep their roles for the grace days, and have been written to.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_who_owe_are_counted_in_words() {
        assert!(owing(1).starts_with("1 member owes "));
        assert!(owing(3).starts_with("3 members owe "));
    }

    #[test]
    fn an_account_that_is_lost_says_that_nothing_renews_and_one_that_waits_does_not() {
        for status in [
            AccountStatus::Disconnected,
            AccountStatus::Rejected,
            AccountStatus::Unlinked,
        ] {
            assert!(stopped(&status).contains("do not renew"), "{status:?}");
        }
        assert!(!stopped(&AccountStatus::Restricted).contains("do not renew"));
    }
}
