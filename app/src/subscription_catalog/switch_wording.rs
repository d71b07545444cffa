//! What changing to another tier means, in the words of the dialog that asks before.

use model::{
    date,
    purchase::{SwitchKind, SwitchPreview},
};

use crate::membership::wording::per;

pub fn title(preview: &SwitchPreview) -> String {
    if is_of_interval(preview) {
        return format!(
            "Pay for {} by the {}?",
            preview.tier_label,
            preview.to.interval.as_str()
        );
    }
    let verb = match preview.kind {
        SwitchKind::Upgrade if !preview.is_cheaper => "Upgrade",
        SwitchKind::Downgrade if preview.is_cheaper => "Downgrade",
        SwitchKind::Upgrade | SwitchKind::Downgrade | SwitchKind::InTrial => "Switch",
        SwitchKind::Resume => return format!("Resume {}?", preview.tier_label),
    };
    format!("{verb} to {}?", preview.tier_label)
}

/// The same tier, paid for at another interval.
fn is_of_interval(preview: &SwitchPreview) -> bool {
    preview.kind != SwitchKind::Resume && preview.tier_label == preview.from_label
}

/// The button names the amount that it takes.
pub fn confirm(preview: &SwitchPreview) -> String {
    match preview.kind {
        SwitchKind::Upgrade if is_of_interval(preview) && preview.due_now.minor > 0 => {
            format!("Pay {} now", preview.due_now)
        }
        SwitchKind::Upgrade | SwitchKind::InTrial if is_of_interval(preview) => "Change it now".into(),
        SwitchKind::Downgrade if is_of_interval(preview) => format!("Change it on {}", date::day(preview.from)),
        SwitchKind::Upgrade => {
            let verb = if preview.is_cheaper { "switch" } else { "upgrade" };
            if preview.due_now.minor > 0 {
                format!("Pay {} and {verb}", preview.due_now)
            } else if preview.is_cheaper {
                "Switch now".into()
            } else {
                "Upgrade now".into()
            }
        }
        SwitchKind::Downgrade => {
            let verb = if preview.is_cheaper { "Downgrade" } else { "Switch" };
            format!("{verb} on {}", date::day(preview.from))
        }
        SwitchKind::InTrial => format!("Switch to {}", preview.tier_label),
        SwitchKind::Resume => format!("Resume {}", preview.tier_label),
    }
}

/// What is charged now, what then, and from which date on.
pub fn sentences(preview: &SwitchPreview) -> Vec<String> {
    let SwitchPreview {
        tier_label,
        from_label,
        due_now,
        ..
    } = preview;
    let then = per(preview.then, preview.to.interval);
    let from = date::day(preview.from);
    let goes_on = preview
        .takes_back_ending
        .then(|| "Your cancellation is taken back with it: the membership goes on.".to_owned());
    match preview.kind {
        SwitchKind::Upgrade => {
            let now = if preview.due_now.minor > 0 {
                format!(
                    "{due_now} is charged now to {}. What you paid for {from_label} and have not used is taken off already.",
                    charged_to(preview)
                )
            } else {
                format!("Nothing is charged now: what you paid for {from_label} and have not used covers it.")
            };
            let renewal = format!("It renews on {from}, and costs {then} from then on.");
            let first = if is_of_interval(preview) {
                format!(
                    "You keep {tier_label}, and pay for it by the {}.",
                    preview.to.interval.as_str()
                )
            } else {
                format!("You have {tier_label} instead of {from_label} at once.")
            };
            let mut sentences = vec![first, now, renewal];
            sentences.extend(goes_on);
            sentences
        }
        SwitchKind::Downgrade => {
            let mut sentences = if is_of_interval(preview) {
                vec![
                    format!("You keep {tier_label}. Nothing is charged now."),
                    format!("From {from} on you pay {then}. Until then you can change your mind."),
                ]
            } else {
                vec![
                    format!("You keep {from_label} until {from}. Nothing is charged now."),
                    format!("From {from} on you have {tier_label} for {then}. Until then you can change your mind."),
                ]
            };
            sentences.extend(goes_on);
            sentences
        }
        SwitchKind::InTrial => vec![
            format!("You have {tier_label} at once, and your trial goes on. Nothing is charged now."),
            format!("When the trial ends, on {from}, you pay {then}."),
        ],
        SwitchKind::Resume => {
            let charged = if preview.due_now.minor > 0 {
                format!("{due_now} is charged to {}.", charged_to(preview))
            } else {
                "nothing is charged for it: credit that you have covers it.".to_owned()
            };
            vec![format!(
                "Your {tier_label} membership is paused. A new period begins now, and {charged}"
            )]
        }
    }
}

/// What pays: `Visa ending in 4242`.
fn charged_to(preview: &SwitchPreview) -> &str {
    preview.charged_to.as_deref().unwrap_or("your default payment method")
}

/// After it is done.
pub fn done(preview: &SwitchPreview) -> String {
    let (tier, per) = (&preview.tier_label, preview.to.interval.as_str());
    match preview.kind {
        SwitchKind::Upgrade | SwitchKind::InTrial if is_of_interval(preview) => {
            format!("Done. You pay for {tier} by the {per} now.")
        }
        SwitchKind::Downgrade if is_of_interval(preview) => {
            format!(
                "Done. You pay for {tier} by the {per} from {} on.",
                date::day(preview.from)
            )
        }
        SwitchKind::Resume => format!("Done. {} goes on.", preview.tier_label),
        SwitchKind::Upgrade | SwitchKind::InTrial => format!("Done. You are on {} now.", preview.tier_label),
        SwitchKind::Downgrade => format!(
            "Done. You change to {} on {}.",
            preview.tier_label,
            date::day(preview.from)
        ),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::{
        id::TierId,
        interval::Interval,
        money::{Currency, Money},
        purchase::Offer,
    };

    use super::*;

    fn preview(kind: SwitchKind, due_now: i64) -> SwitchPreview {
        let currency = Currency::parse("eur").expect("known");
        let then = Money::new(1900, currency);
        SwitchPreview {
            tier_label: "Gold".into(),
            from_label: "Silver".into(),
            to: Offer {
                tier: "0190c9f4-7b1e-7000-8000-000000000001".parse::<TierId>().expect("an id"),
                interval: Interval::Month,
                amount: then,
            },
            kind,
            is_cheaper: false,
            takes_back_ending: false,
            due_now: Money::new(due_now, currency),
            charged_to: None,
            then,
            from: DateTime::from_timestamp(1_804_082_700, 0).expect("a time"),
            priced_at: DateTime::from_timestamp(1_804_000_000, 0).expect("a time"),
        }
    }

    #[test]
    fn an_upgrade_names_what_is_charged_now_on_the_button_itself() {
        let preview = preview(SwitchKind::Upgrade, 1000);
        assert_eq!(confirm(&preview), "Pay €10.00 and upgrade");
        let text = sentences(&preview).join(" ");
        assert!(text.contains("€10.00 is charged now"), "{text}");
        assert!(
            text.contains("It renews on 3 March 2027, and costs €19.00 per month from then on"),
            "{text}"
        );
    }

    #[test]
    fn what_is_charged_names_the_card_that_pays_it() {
        for (kind, ends) in [(SwitchKind::Upgrade, ". What you paid"), (SwitchKind::Resume, ".")] {
            let unknown = preview(kind, 1000);
            let text = sentences(&unknown).join(" ");
            assert!(
                text.contains(&["to your default payment method", ends].concat()),
                "{text}"
            );
            let known = SwitchPreview {
                charged_to: Some("Visa ending in 4242".into()),
                ..unknown
            };
            let text = sentences(&known).join(" ");
            assert!(text.contains(&["to Visa ending in 4242", ends].concat()), "{text}");
        }
    }

    #[test]
    fn an_upgrade_that_is_covered_already_asks_for_no_money() {
        let preview = preview(SwitchKind::Upgrade, 0);
        assert_eq!(confirm(&preview), "Upgrade now");
        assert!(sentences(&preview).join(" ").contains("Nothing is charged now"));
    }

    #[test]
    fn a_cheaper_tier_by_the_year_is_called_a_switch() {
        let mut preview = preview(SwitchKind::Upgrade, 4000);
        preview.is_cheaper = true;
        assert_eq!(title(&preview), "Switch to Gold?");
        assert_eq!(confirm(&preview), "Pay €40.00 and switch");
        let text = sentences(&preview).join(" ");
        assert!(text.contains("You have Gold instead of Silver at once"), "{text}");
    }

    #[test]
    fn a_downgrade_says_until_when_everything_stays() {
        let mut preview = preview(SwitchKind::Downgrade, 0);
        assert_eq!(title(&preview), "Switch to Gold?", "a dearer tier, by the month");
        preview.is_cheaper = true;
        assert_eq!(title(&preview), "Downgrade to Gold?");
        assert_eq!(confirm(&preview), "Downgrade on 3 March 2027");
        assert!(sentences(&preview)[0].contains("keep Silver until 3 March 2027"));
        assert_eq!(sentences(&preview).len(), 2);
        preview.takes_back_ending = true;
        assert!(sentences(&preview)[2].contains("cancellation is taken back"));
        assert_eq!(done(&preview), "Done. You change to Gold on 3 March 2027.");
    }
}
