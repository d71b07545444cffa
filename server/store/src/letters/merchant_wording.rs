//! What the letters to those who run a community say.

use model::{
    Timestamp,
    account::{AccountSnapshot, requirement_label},
    date,
    merchant_letter::{AccountNews, DisputeNews},
};

use super::wording::Words;

/// What is written about.
pub(crate) enum MerchantLetter<'a> {
    Dispute(DisputeNews, &'a Disputed<'a>),
    Account(AccountNews, &'a AccountSnapshot),
    /// Stripe answers no call for the account any more.
    AccountLost {
        account: &'a str,
        deleted: bool,
        /// The same account can be connected again.
        can_reconnect: bool,
    },
    /// A customer subscribed to one plan twice, and one of the two was ended.
    PaidTwice {
        /// The customer's e-mail address.
        member: &'a str,
    },
    /// The same, where the one that was ended was on a former account.
    PaidTwiceElsewhere(&'a Elsewhere<'a>),
    /// A customer subscribed anew, and their subscription on a former account cannot be ended from here.
    ChargedElsewhere(&'a Elsewhere<'a>),
}

/// A customer's subscription on an account that the community used before.
pub(crate) struct Elsewhere<'a> {
    /// The customer's e-mail address.
    pub member: &'a str,
    /// `acct_…`
    pub account: &'a str,
    /// `sub_…`
    pub subscription: &'a str,
}

/// A disputed payment.
pub(crate) struct Disputed<'a> {
    /// The customer's e-mail address.
    pub member: &'a str,
    /// With its currency, as people read it.
    pub amount: &'a str,
    /// Empty when it is not known what was paid for.
    pub tier: &'a str,
    /// Until when the bank takes an answer.
    pub answer_by: Option<Timestamp>,
}

/// `page`: the store page of the community called `community`.
pub(super) fn words(letter: &MerchantLetter<'_>, community: &str, page: &str) -> Words {
    let (subject, paragraphs) = match letter {
        MerchantLetter::Dispute(news, disputed) => about_dispute(*news, disputed, community),
        MerchantLetter::Account(news, snapshot) => about_account(*news, snapshot, community),
        MerchantLetter::AccountLost {
            account,
            deleted,
            can_reconnect,
        } => about_loss(account, *deleted, *can_reconnect, community),
        MerchantLetter::PaidTwice { member } => (
            format!("{member} had two subscriptions in {community}"),
            vec![format!(
                "{member} subscribed to the same plan in {community} twice. The earlier subscription was ended, and what was paid for and not used is credited to their next invoices."
            )],
        ),
        MerchantLetter::PaidTwiceElsewhere(Elsewhere {
            member,
            account,
            subscription,
        }) => (
            format!("{member}'s earlier subscription in {community} was ended"),
            vec![
                format!(
                    "{member} subscribed anew in {community}, and an earlier subscription ({subscription}) still ran on the Stripe account that was connected before ({account}). It was ended, so that nobody pays for both."
                ),
                "Its unused time is credited to the customer on that account, where no invoice will use it. Refund it in that account's dashboard.".to_owned(),
            ],
        ),
        MerchantLetter::ChargedElsewhere(Elsewhere {
            member,
            account,
            subscription,
        }) => (
            format!("{member} may be charged twice for {community}"),
            vec![
                format!(
                    "{member} subscribed anew in {community}. An earlier subscription ({subscription}) is on a Stripe account that this store cannot reach any more ({account}), and may still be charged there."
                ),
                "Cancel it in that account's dashboard, and refund what it took since.".to_owned(),
            ],
        ),
    };
    let link = match letter {
        MerchantLetter::Dispute(..)
        | MerchantLetter::PaidTwice { .. }
        | MerchantLetter::PaidTwiceElsewhere(..)
        | MerchantLetter::ChargedElsewhere(..) => "What needs attention",
        MerchantLetter::Account(..) | MerchantLetter::AccountLost { .. } => "Your store page",
    };
    Words {
        subject,
        paragraphs,
        link: (link, page.to_owned()),
    }
}

fn about_dispute(news: DisputeNews, disputed: &Disputed<'_>, community: &str) -> (String, Vec<String>) {
    let Disputed {
        member,
        amount,
        tier,
        answer_by,
    } = disputed;
    let payment = if tier.is_empty() {
        format!("{amount} in {community}")
    } else {
        format!("{amount} for {tier} in {community}")
    };
    let by = answer_by.map_or_else(
        || "Answer it in Stripe's dashboard soon.".to_owned(),
        |by| format!("Answer it in Stripe's dashboard by {}.", date::day(by)),
    );
    let stays = "The role stays unless you end it on the store page.".to_owned();
    let nothing = "There is nothing to do.".to_owned();
    match news {
        DisputeNews::Opened => (
            format!("{member} disputes a payment of {amount} in {community}"),
            vec![
                format!("The bank of {member} took back the payment of {payment}: the customer disputes it."),
                format!("{by} Without an answer the bank decides for the customer."),
                stays,
            ],
        ),
        DisputeNews::Asked => (
            format!("The bank of {member} asks about a payment in {community}"),
            vec![
                format!("The bank of {member} asks about the payment of {payment}. Nothing is taken back yet."),
                format!("{by} Without an answer it can become a dispute."),
            ],
        ),
        DisputeNews::Won => (
            format!("The dispute of {member} in {community} is decided for you"),
            vec![
                format!("The bank of {member} decided for you: the payment of {payment} is yours again."),
                nothing,
            ],
        ),
        DisputeNews::Lost => (
            format!("The dispute of {member} in {community} is decided for the customer"),
            vec![
                format!(
                    "The bank of {member} decided for the customer: the payment of {payment} stays with the customer."
                ),
                stays,
            ],
        ),
        DisputeNews::LetBe => (
            format!("The bank of {member} asks no more about a payment in {community}"),
            vec![
                format!(
                    "The bank of {member} asked about the payment of {payment}, and let it be. The money is yours."
                ),
                nothing,
            ],
        ),
    }
}

fn about_account(news: AccountNews, snapshot: &AccountSnapshot, community: &str) -> (String, Vec<String>) {
    match news {
        AccountNews::Rejected => (
            format!("Stripe rejected the account of {community}"),
            vec![
                format!(
                    "Stripe rejected the account of {community}, so nothing can be sold and nothing renews. Members keep what they paid for until it ends."
                ),
                "If you think that Stripe is wrong, write to its support. Or connect another account on the store page."
                    .to_owned(),
            ],
        ),
        AccountNews::Stopped => (
            format!("Stripe takes no payments for {community} right now"),
            vec![
                format!(
                    "Stripe does not allow payments on the account of {community} right now, so nobody can subscribe, switch or pay. Members keep what they have."
                ),
                due(snapshot),
            ],
        ),
    }
}

/// What Stripe wants, in a sentence or two.
fn due(snapshot: &AccountSnapshot) -> String {
    let mut labels: Vec<String> = Vec::new();
    for requirement in snapshot.wanted() {
        let label = requirement_label(requirement);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    if labels.is_empty() {
        return "Nothing is asked of you: Stripe is looking at the account.".to_owned();
    }
    let by = snapshot
        .deadline
        .map(|by| format!(" It is due by {}.", date::day(by)))
        .unwrap_or_default();
    format!(
        "Stripe needs: {}.{by} Complete it through the store page.",
        labels.join("; ")
    )
}

fn about_loss(account: &str, deleted: bool, can_reconnect: bool, community: &str) -> (String, Vec<String>) {
    let what = if deleted {
        format!("The Stripe account of {community} ({account}) was deleted.")
    } else {
        format!("Access to the Stripe account of {community} ({account}) was revoked, or the account was closed.")
    };
    let way_on = if can_reconnect && !deleted {
        "Connect the same account again on the store page, and everything comes back. Or connect another one: members subscribe anew there."
    } else {
        "Connect another account on the store page. Members subscribe anew there."
    };
    (
        format!("{community} lost its Stripe account"),
        vec![
            format!(
                "{what} Nothing can be sold, and nothing renews here. Members keep what they paid for until it ends."
            ),
            way_on.to_owned(),
        ],
    )
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const PAGE: &str = "https://store.example/c/club/manage/store";

    fn dispute(news: DisputeNews, answer_by: Option<Timestamp>) -> Words {
        let disputed = Disputed {
            member: "ada@example.org",
            amount: "€15.00",
            tier: "Gold",
            answer_by,
        };
        words(&MerchantLetter::Dispute(news, &disputed), "Club", PAGE)
    }

    #[test]
    fn a_dispute_names_the_member_the_amount_and_the_last_day_to_answer() {
        let by = DateTime::from_timestamp(1_773_144_000, 0);
        for letter in [dispute(DisputeNews::Opened, by), dispute(DisputeNews::Asked, by)] {
            let text = letter.text();
            for part in ["ada@example.org", "€15.00 for Gold in Club", "by 10 March 2026", PAGE] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(letter.html().contains(PAGE), "{}", letter.html());
        }
        let text = dispute(DisputeNews::Opened, None).text();
        assert!(text.contains("soon"), "{text}");
    }

    #[test]
    fn a_decided_dispute_says_for_whom_and_asks_for_no_answer() {
        for (news, says) in [
            (DisputeNews::Won, "yours again"),
            (DisputeNews::Lost, "stays with the customer"),
            (DisputeNews::LetBe, "The money is yours"),
        ] {
            let text = dispute(news, None).text();
            assert!(text.contains(says) && !text.contains("Answer it"), "{text}");
        }
    }

    #[test]
    fn an_account_that_stopped_lists_what_is_due_or_says_that_nothing_is() {
        let due = AccountSnapshot {
            past_due: vec!["external_account".into()],
            currently_due: vec!["external_account".into(), "tos_acceptance.date".into()],
            ..AccountSnapshot::default()
        };
        let stopped = |snapshot: &AccountSnapshot| {
            words(&MerchantLetter::Account(AccountNews::Stopped, snapshot), "Club", PAGE).text()
        };
        let text = stopped(&due);
        assert!(
            text.contains("Stripe needs: A bank account for payouts; Your agreement to Stripe's terms."),
            "{text}"
        );
        let text = stopped(&AccountSnapshot::default());
        assert!(text.contains("Nothing is asked of you"), "{text}");
    }

    #[test]
    fn connecting_the_same_account_is_offered_only_where_it_can_be() {
        let lost = |deleted, can_reconnect| {
            let letter = MerchantLetter::AccountLost {
                account: "acct_1",
                deleted,
                can_reconnect,
            };
            words(&letter, "<Club>", PAGE)
        };
        assert!(lost(false, true).text().contains("Connect the same account again"));
        for (deleted, can_reconnect) in [(true, true), (false, false)] {
            assert!(!lost(deleted, can_reconnect).text().contains("the same account"));
        }
        assert!(lost(true, true).html().contains("&lt;Club&gt; (acct_1) was deleted"));
    }
}
