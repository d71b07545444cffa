//! What the letters say: a subject, paragraphs, and one link.

use std::fmt::Write;

use model::{
    Timestamp, date,
    letter::{self, LetterKind, OpenInvoice, PaymentTrouble},
    subscription::SubscriptionStatus,
};

/// What a letter can speak of.
pub(super) struct About {
    pub community: String,
    pub tier: String,
    pub invoice: Option<OpenInvoice>,
    pub role_ends_at: Option<Timestamp>,
    pub status: SubscriptionStatus,
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

pub(super) fn words(kind: LetterKind, about: &About) -> Words {
    let About { community, tier, .. } = about;
    let amount = about.invoice.as_ref().map_or_else(
        || "The payment".to_owned(),
        |invoice| format!("The payment of {}", invoice.amount),
    );
    let keeps = match about.role_ends_at {
        Some(end) => format!("You keep {tier} until {}; pay before then to keep it.", date::day(end)),
        None => format!("Until it is paid you do not have {tier}."),
    };
    let again = about
        .invoice
        .as_ref()
        .and_then(|invoice| invoice.next_attempt)
        .map(|at| format!("It is tried again on {}.", date::day(at)));
    let membership = ("Your membership", about.page.clone());
    let why = match about.invoice.as_ref().and_then(|invoice| invoice.trouble.as_ref()) {
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
            paragraphs.push("You can pay now, or save a card, on your membership page.".to_owned());
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
            let how = if about.status == SubscriptionStatus::PastDue {
                "A payment is still open. Pay it before then, and nothing ends."
            } else {
                "It was cancelled, so nothing more is charged. You can take that back until then."
            };
            Words {
                subject: format!("Your {tier} membership in {community} ends {end}"),
                paragraphs: vec![
                    format!("Your {tier} membership in {community} ends {end}."),
                    how.to_owned(),
                ],
                link: membership,
            }
        }
        LetterKind::Ended => {
            let (how, link) = match about.status {
                SubscriptionStatus::Paused => (
                    "The membership is paused: nothing is charged, and you can resume it whenever you like.",
                    membership,
                ),
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
            let mut paragraphs = vec![format!("Your {what} in {community} has ended.")];
            if letter::owes(about.status) {
                paragraphs.push(format!("{amount} for it did not go through. {why}"));
            }
            paragraphs.push(how.to_owned());
            Words {
                subject: format!("Your {what} in {community} has ended"),
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
                    "Your {tier} membership in {community} is paused, because its payment did not go through. Nothing more is charged for it, and you do not have {tier}."
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
    use super::*;

    #[test]
    fn what_people_named_is_escaped() {
        let about = About {
            community: "<Club> & \"friends\"".into(),
            tier: "Gold".into(),
            invoice: None,
            role_ends_at: None,
            status: SubscriptionStatus::Canceled,
            page: "https://store.example/c/club/membership".into(),
            catalog: "https://store.example/c/club".into(),
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
