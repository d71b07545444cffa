//! What the letters say: a subject, paragraphs, and one link.

use std::fmt::Write;

use model::{
    Timestamp, date,
    letter::{self, LetterKind, OpenInvoice, PaymentTrouble},
    subscription::SubscriptionStatus,
};

use super::account::{Account, Lost};

/// What a letter can speak of.
pub(super) struct About {
    pub community: String,
    pub tier: String,
    pub invoice: Option<OpenInvoice>,
    /// As people are told it.
    pub role_ends_at: Option<Timestamp>,
    pub status: SubscriptionStatus,
    /// It was set to end.
    pub is_cancelled: bool,
    pub account: Account,
    /// The same role was given to them as well, for at least as long.
    pub is_given: bool,
    /// A payment method is saved.
    pub has_method: bool,
    /// The customer's membership page.
    pub page: String,
    pub catalog: String,
}

pub(super) struct Words {
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub link: (&'static str, String),
}

impl Words {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for paragraph in &self.paragraphs {
            // Writing to a string cannot fail.
            let _ = write!(text, "{paragraph}\n\n");
        }
        let _ = writeln!(text, "{}:\n{}", self.link.0, self.link.1);
        text
    }

    pub(super) fn html(&self) -> String {
        let mut html = String::new();
        for paragraph in &self.paragraphs {
            let _ = write!(html, "<p>{}</p>", escape(paragraph));
        }
        let _ = write!(html, "<p><a href=\"{}\">{}</a></p>", escape(&self.link.1), self.link.0);
        html
    }
}

/// Where nobody can pay at the moment, by whatever page.
const NOT_TAKEN: &str =
    "No payments are taken in this community at the moment, so there is nothing you can do about it now.";

pub(super) fn words(kind: LetterKind, about: &About) -> Words {
    let About { community, tier, .. } = about;
    let amount = about.invoice.as_ref().map_or_else(
        || "The payment".to_owned(),
        |invoice| format!("The payment of {}", invoice.amount),
    );
    let given = given(tier);
    let keeps = match about.role_ends_at {
        _ if about.is_given => given.clone(),
        Some(end) if !about.account.takes_payments => format!("You keep {tier} until {}.", date::day(end)),
        Some(end) => format!("You keep {tier} until {}; pay before then to keep it.", date::day(end)),
        None => format!("Until it is paid you do not have {tier}."),
    };
    let again = about
        .invoice
        .as_ref()
        .and_then(|invoice| invoice.next_attempt)
        .filter(|_| about.has_method && about.account.takes_payments)
        .map(|at| format!("It is tried again on {}.", date::day(at)));
    let membership = ("Your membership", about.page.clone());
    let why = match about.invoice.as_ref().and_then(|invoice| invoice.trouble.as_ref()) {
        _ if !about.has_method => "No payment method is saved to take it from.".to_owned(),
        Some(PaymentTrouble::Declined(Some(said))) => format!("The bank said: {said}"),
        Some(PaymentTrouble::NoMethod) => "There was no payment method to take it from.".to_owned(),
        Some(PaymentTrouble::ActionRequired) => "The bank asks you to confirm it.".to_owned(),
        _ => "The bank did not take it.".to_owned(),
    };
    match kind {
        LetterKind::PaymentFailed => {
            let mut paragraphs = vec![
                format!("{amount} for your {tier} membership in {community} did not go through. {why}"),
                keeps,
            ];
            paragraphs.extend(again);
            paragraphs.push(if about.account.takes_payments {
                "You can pay now, or save a card, on your membership page.".to_owned()
            } else {
                NOT_TAKEN.to_owned()
            });
            Words {
                subject: format!("Your payment for {tier} in {community} did not go through"),
                paragraphs,
                link: membership,
            }
        }
        LetterKind::ActionRequired => Words {
            subject: format!("Confirm your payment for {tier} in {community}"),
            paragraphs: vec![
                format!(
                    "Your bank asks you to confirm it: {} for your {tier} membership in {community} waits until you do.",
                    lower_first(&amount)
                ),
                keeps,
            ],
            link: ("Confirm it on your membership page", about.page.clone()),
        },
        LetterKind::AboutToEnd => {
            let end = about
                .role_ends_at
                .map_or_else(|| "soon".to_owned(), |end| format!("on {}", date::day(end)));
            if let Some(lost) = about.account.lost {
                return ends_with_account(lost, about, &end);
            }
            let how = match about.status {
                SubscriptionStatus::PastDue if about.account.takes_payments => {
                    "A payment is still open. Pay it before then, and nothing ends."
                }
                SubscriptionStatus::PastDue => NOT_TAKEN,
                _ => "It was cancelled, so nothing more is charged. You can take that back until then.",
            };
            let mut paragraphs = vec![
                format!("Your {tier} membership in {community} ends {end}."),
                how.to_owned(),
            ];
            paragraphs.extend(about.is_given.then_some(given));
            Words {
                subject: format!("Your {tier} membership in {community} ends {end}"),
                paragraphs,
                link: membership,
            }
        }
        LetterKind::Ended => {
            let (how, link) = match about.status {
                _ if about.account.lost.is_some() => anew(about),
                SubscriptionStatus::Paused => (
                    "The membership is paused: nothing is charged, and you can resume it whenever you like.",
                    membership,
                ),
                SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid if !about.account.takes_payments => (NOT_TAKEN, membership),
                SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid if about.is_given => {
                    ("You can pay it on your membership page, or cancel there.", membership)
                }
                SubscriptionStatus::PastDue => ("Pay it, and you have it back at once.", membership),
                SubscriptionStatus::Unpaid => ("Pay it to have it back, or subscribe again.", membership),
                _ => (
                    "You can subscribe again whenever you like.",
                    ("Subscribe again", about.catalog.clone()),
                ),
            };
            // The membership goes on, without what it opens.
            let goes_on = matches!(about.status, SubscriptionStatus::PastDue | SubscriptionStatus::Paused);
            let what = if goes_on {
                format!("access to {tier}")
            } else {
                format!("{tier} membership")
            };
            let owes = letter::owes(about.status);
            // Nothing that they had is gone.
            let ends = !(about.is_given && owes);
            let mut paragraphs = Vec::new();
            if ends {
                paragraphs.push(format!("Your {what} in {community} has ended."));
            }
            if owes {
                let of = if ends {
                    "it".to_owned()
                } else {
                    format!("your {tier} membership in {community}")
                };
                paragraphs.push(format!("{amount} for {of} did not go through. {why}"));
            }
            paragraphs.extend(about.is_given.then_some(given));
            paragraphs.push(how.to_owned());
            Words {
                subject: if ends {
                    format!("Your {what} in {community} has ended")
                } else {
                    format!("Your payment for {tier} in {community} did not go through")
                },
                paragraphs,
                link,
            }
        }
        LetterKind::GivenUp => Words {
            subject: format!("Your {tier} membership in {community} was cancelled"),
            paragraphs: vec![
                format!(
                    "Your {tier} membership in {community} was cancelled while a payment for it was open. Nothing more is charged for it, and paying what was open does not bring it back."
                ),
                "You can subscribe again whenever you like.".to_owned(),
            ],
            link: ("Subscribe again", about.catalog.clone()),
        },
        LetterKind::Paused => Words {
            subject: format!("Your {tier} membership in {community} is paused"),
            paragraphs: vec![
                format!(
                    "Your {tier} membership in {community} is paused, because its payment did not go through. Nothing more is charged for it. {}",
                    if about.is_given {
                        given
                    } else {
                        format!("Until it goes on, you do not have {tier}.")
                    }
                ),
                "You can resume it whenever you like; then a new period begins and is charged.".to_owned(),
            ],
            link: membership,
        },
        LetterKind::UpgradeLapsed => Words {
            subject: format!("Your upgrade in {community} did not happen"),
            paragraphs: vec![
                format!(
                    "You asked for an upgrade of your membership in {community}, and its payment was not made in time. You stay on {tier}, and are not charged for the upgrade."
                ),
                "You can ask for it again whenever you like.".to_owned(),
            ],
            link: ("See memberships", about.catalog.clone()),
        },
        LetterKind::IntervalLapsed => Words {
            subject: format!("Your change in {community} did not happen"),
            paragraphs: vec![
                format!(
                    "You asked to change how often you pay for {tier} in {community}, and the payment for that was not made in time. You pay as before, and are not charged for the change."
                ),
                "You can ask for it again whenever you like.".to_owned(),
            ],
            link: ("See memberships", about.catalog.clone()),
        },
        LetterKind::PaidTwice => Words {
            subject: format!("You had two {community} memberships; one was ended"),
            paragraphs: vec![
                format!(
                    "You subscribed to the same plan in {community} twice. The earlier subscription was ended, and the time you had paid for and not used is credited to your next invoices."
                ),
                "You need not do anything.".to_owned(),
            ],
            link: membership,
        },
        LetterKind::PaidTwiceElsewhere => Words {
            subject: format!("Your earlier {community} membership was ended"),
            paragraphs: vec![
                format!(
                    "You subscribed anew in {community}, and your earlier subscription still ran on the Stripe account that {community} used before. It was ended, so that you do not pay for both."
                ),
                "The time you had paid for and not used is noted as credit on that account, where no invoice will use it. Ask the people who run the community to give it back.".to_owned(),
            ],
            link: membership,
        },
        LetterKind::ChargedElsewhere => Words {
            subject: format!("You may be charged twice for {community}"),
            paragraphs: vec![
                format!(
                    "You subscribed anew in {community}. Your earlier subscription is on the Stripe account that {community} used before, and may still be charged there. It cannot be ended from here."
                ),
                format!(
                    "Ask the people who run {community} to cancel it in the dashboard of that account, and to give back what it took since; they were told, too. The receipts that Stripe sent you for the earlier subscription say how to reach them."
                ),
            ],
            link: membership,
        },
    }
}

/// Access ends because nothing renews on the account any more. `end`: `on 3 March 2027`.
fn ends_with_account(lost: Lost, about: &About, end: &str) -> Words {
    let About { community, tier, .. } = about;
    let (why, charged) = match lost {
        _ if about.is_cancelled => (
            "It was cancelled.",
            "Nothing more is charged for it through this store.",
        ),
        Lost::NotConnected => (
            "It does not renew, because the Stripe account that it is paid on is no longer connected to this store.",
            "Nothing more is charged for it through this store. If you are charged all the same, it is by that account: ask the people who run the community to cancel it there.",
        ),
        Lost::Rejected => (
            "It does not renew, because Stripe does not let this community take payments any more.",
            "Nothing more is charged for it through this store.",
        ),
    };
    let (how, link) = anew(about);
    let mut paragraphs = vec![
        format!("Your {tier} membership in {community} ends {end}. {why}"),
        charged.to_owned(),
    ];
    paragraphs.extend(about.is_given.then(|| given(tier)));
    paragraphs.push(how.to_owned());
    Words {
        subject: format!("Your {tier} membership in {community} ends {end}"),
        paragraphs,
        link,
    }
}

fn given(tier: &str) -> String {
    format!("You keep what {tier} opens: the role was given to you as well.")
}

/// How to have it again when its account is lost.
fn anew(about: &About) -> (&'static str, (&'static str, String)) {
    if about.account.sells {
        (
            "The store is open again on another account: subscribe anew to go on.",
            ("Subscribe anew", about.catalog.clone()),
        )
    } else {
        (
            "Nothing is sold there at the moment. Once the store is open again, you can subscribe anew.",
            ("See whether it is open", about.catalog.clone()),
        )
    }
}

fn lower_first(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use model::money::{Currency, Money};

    use super::*;

    /// Gold in "Club", on an account that takes payments.
    fn gold(status: SubscriptionStatus) -> About {
        About {
            community: "Club".into(),
            tier: "Gold".into(),
            invoice: None,
            role_ends_at: None,
            status,
            is_cancelled: false,
            account: Account {
                lost: None,
                takes_payments: true,
                sells: true,
            },
            is_given: false,
            has_method: true,
            page: "https://store.example/c/club/membership".into(),
            catalog: "https://store.example/c/club".into(),
        }
    }

    /// The same, until 3 March 2027, on an account that was `lost`.
    fn on_account(lost: Option<Lost>, sells: bool) -> About {
        About {
            role_ends_at: chrono::DateTime::from_timestamp(1_804_082_700, 0),
            account: Account {
                lost,
                takes_payments: lost.is_none(),
                sells,
            },
            ..gold(SubscriptionStatus::Active)
        }
    }

    #[test]
    fn what_ends_with_its_account_says_why_when_and_how_to_go_on() {
        for (lost, why) in [
            (Lost::NotConnected, "no longer connected"),
            (Lost::Rejected, "does not let this community take payments"),
        ] {
            for (sells, how) in [
                (true, "subscribe anew to go on"),
                (false, "Once the store is open again"),
            ] {
                let words = words(LetterKind::AboutToEnd, &on_account(Some(lost), sells));
                for part in [
                    "ends on 3 March 2027",
                    why,
                    "Nothing more is charged",
                    how,
                    "store.example/c/club",
                ] {
                    assert!(words.text().contains(part), "{part}: {}", words.text());
                    assert!(words.html().contains(part), "{part}: {}", words.html());
                }
                assert!(!words.text().contains("take that back"), "{}", words.text());
            }
        }
    }

    /// €9.00 that the bank did not take, and that is tried again.
    fn owing(status: SubscriptionStatus) -> About {
        let in_three_days = Timestamp::UNIX_EPOCH + chrono::Duration::days(3);
        About {
            invoice: Some(OpenInvoice {
                id: "in_1".into(),
                amount: Money::new(900, Currency::parse("eur").expect("known")),
                attempts: 1,
                trouble: Some(PaymentTrouble::Declined(None)),
                declined: None,
                next_attempt: Some(in_three_days),
            }),
            role_ends_at: Some(in_three_days),
            ..gold(status)
        }
    }

    #[test]
    fn nobody_is_told_of_a_next_attempt_or_of_the_bank_when_there_is_nothing_to_try_with() {
        let text = words(LetterKind::PaymentFailed, &owing(SubscriptionStatus::PastDue)).text();
        assert!(
            text.contains("tried again") && text.contains("The bank did not take it"),
            "{text}"
        );
        let bare = About {
            has_method: false,
            ..owing(SubscriptionStatus::PastDue)
        };
        let text = words(LetterKind::PaymentFailed, &bare).text();
        assert!(!text.contains("tried again") && !text.contains("bank"), "{text}");
        assert!(text.contains("No payment method is saved"), "{text}");
    }

    #[test]
    fn nobody_is_told_to_pay_where_no_payments_are_taken() {
        for kind in [LetterKind::PaymentFailed, LetterKind::Ended, LetterKind::AboutToEnd] {
            for status in [SubscriptionStatus::PastDue, SubscriptionStatus::Unpaid] {
                let mut away = owing(status);
                away.account.takes_payments = false;
                let text = words(kind, &away).text();
                let tells = ["tried again", "Pay it", "pay now", "pay before"];
                assert!(
                    !tells.iter().any(|told| text.contains(told)),
                    "{kind:?} {status:?}: {text}"
                );
            }
        }
    }

    #[test]
    fn who_cancelled_is_not_told_that_the_account_is_why_it_ends() {
        let about = About {
            is_cancelled: true,
            ..on_account(Some(Lost::NotConnected), false)
        };
        let text = words(LetterKind::AboutToEnd, &about).text();
        assert!(
            text.contains("It was cancelled") && !text.contains("connected"),
            "{text}"
        );
        assert!(!text.contains("take that back"), "nothing can be changed there: {text}");
    }

    #[test]
    fn what_ended_with_its_account_offers_to_subscribe_anew_only_where_it_can_be() {
        let text = |sells| words(LetterKind::Ended, &on_account(Some(Lost::NotConnected), sells)).text();
        assert!(text(true).contains("subscribe anew to go on"), "{}", text(true));
        assert!(text(false).contains("Nothing is sold there"), "{}", text(false));
    }

    #[test]
    fn who_was_given_the_role_as_well_is_not_told_that_it_is_gone() {
        for status in [
            SubscriptionStatus::PastDue,
            SubscriptionStatus::Unpaid,
            SubscriptionStatus::Paused,
        ] {
            for kind in [LetterKind::PaymentFailed, LetterKind::Ended, LetterKind::Paused] {
                let given = About {
                    is_given: true,
                    ..owing(status)
                };
                let words = words(kind, &given);
                let text = [words.subject.clone(), words.text()].concat();
                let lost = ["has ended", "do not have Gold", "have it back", "to keep it"];
                assert!(
                    !lost.iter().any(|told| text.contains(told)),
                    "{kind:?} {status:?}: {text}"
                );
                assert!(text.contains("You keep what Gold opens"), "{kind:?} {status:?}: {text}");
            }
        }
        let cancelled = About {
            is_given: true,
            ..gold(SubscriptionStatus::Canceled)
        };
        let text = words(LetterKind::Ended, &cancelled).text();
        assert!(
            text.contains("membership in Club has ended") && text.contains("You keep what Gold opens"),
            "{text}"
        );
    }

    #[test]
    fn a_change_of_the_interval_that_lapsed_is_not_called_an_upgrade() {
        let words = words(LetterKind::IntervalLapsed, &gold(SubscriptionStatus::Active));
        let text = [words.subject.clone(), words.text()].concat();
        assert!(
            !text.contains("upgrade") && text.contains("how often you pay for Gold"),
            "{text}"
        );
    }

    #[test]
    fn what_people_named_is_escaped() {
        let about = About {
            community: "<Club> & \"friends\"".into(),
            ..gold(SubscriptionStatus::Canceled)
        };
        let words = words(LetterKind::Ended, &about);
        assert!(
            words.html().contains("&lt;Club&gt; &amp; &quot;friends&quot;"),
            "{}",
            words.html()
        );
        assert!(words.text().contains("<Club> & \"friends\""), "{}", words.text());
    }
}
