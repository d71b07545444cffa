//! How hosted checkout looks: what is bought on one side, how it is paid on the other.

use maud::{Markup, html};

use crate::pages::{
    card_form::{CardForm, Problems, SavedCard},
    field::Field,
    layout::{Shape, document, web_address},
};

/// One thing that is bought, its amounts written out.
pub struct Line {
    pub name: String,
    pub description: Option<String>,
    /// As in `2 × €5.00 per month`; none when the heading says it.
    pub price: Option<String>,
    /// What of it is due now.
    pub amount: String,
}

/// What checkout is for.
pub enum Purpose {
    Subscription {
        lines: Vec<Line>,
        /// As in `€5.00`, and `per month` beside it.
        recurring: String,
        interval: String,
        /// As in `7 days free`.
        trial: Option<String>,
        due_today: String,
    },
    /// Only a card is saved.
    SetUp,
}

pub struct CheckoutView<'a> {
    pub submit_to: String,
    pub seller: &'a str,
    pub cancel_url: Option<&'a str>,
    pub purpose: Purpose,
    /// The e-mail address when the session or its customer fixes it.
    pub fixed_email: Option<&'a str>,
    /// The seller's own sentence above the button.
    pub message: Option<&'a str>,
    pub saved: Vec<SavedCard>,
    pub form: &'a CardForm,
    pub problems: &'a Problems,
}

impl CheckoutView<'_> {
    pub fn draw(&self) -> Markup {
        let title = format!("{} · {}", self.heading(), self.seller);
        document(
            &title,
            Shape::Split,
            html! {
                div.columns {
                    section.stack aria-label="What you are buying" { (self.summary()) }
                    section.card aria-labelledby="pay-heading" { (self.payment()) }
                }
            },
        )
    }

    fn heading(&self) -> String {
        match &self.purpose {
            Purpose::SetUp => "Save a card".to_owned(),
            Purpose::Subscription { lines, trial, .. } => {
                let name = lines.first().map_or("subscription", |line| line.name.as_str());
                if trial.is_some() {
                    format!("Try {name}")
                } else {
                    format!("Subscribe to {name}")
                }
            }
        }
    }

    const fn button(&self) -> &'static str {
        match &self.purpose {
            Purpose::SetUp => "Save card",
            Purpose::Subscription { trial: Some(_), .. } => "Start trial",
            Purpose::Subscription { .. } => "Subscribe",
        }
    }

    fn summary(&self) -> Markup {
        html! {
            @if let Some(url) = self.cancel_url {
                p { a.back href=(web_address(url)) { span aria-hidden="true" { "←" } "Back to " (self.seller) } }
            } @else {
                p.crumb { (self.seller) }
            }
            h1 { (self.heading()) }
            @match &self.purpose {
                Purpose::SetUp => p.muted { "Nothing is charged now. " (self.seller) " will use this card for your payments." },
                Purpose::Subscription { lines, recurring, interval, trial, due_today } => {
                    p.amount {
                        @if let Some(days) = trial {
                            (days) " " small.nowrap { "then " (recurring) " " (interval) }
                        } @else {
                            (recurring) " " small.nowrap { (interval) }
                        }
                    }
                    dl.lines {
                        @for line in lines {
                            div {
                                dt {
                                    (line.name)
                                    @if let Some(text) = &line.description { br; span.small.muted { (text) } }
                                    @if let Some(price) = &line.price { br; span.small.muted { (price) } }
                                }
                                dd { (line.amount) }
                            }
                        }
                        div.total { dt { "Total due today" } dd { (due_today) } }
                    }
                }
            }
        }
    }

    fn payment(&self) -> Markup {
        html! {
            form.stack method="post" action=(self.submit_to) novalidate {
                h2 id="pay-heading" { @if matches!(self.purpose, Purpose::SetUp) { "Card" } @else { "Pay with card" } }
                (CardForm::draw_refusal(self.problems))
                @if let Some(email) = self.fixed_email {
                    div.field { span.small { strong { "E-mail" } } p { (email) } }
                } @else {
                    (Field {
                        name: "email", label: "E-mail", kind: "email", autocomplete: "email", inputmode: "email",
                        value: &self.form.email, problem: self.problems.email.as_deref(), autofocus: self.problems.first() == Some("email"), ..Field::default()
                    }.draw())
                }
                (self.form.draw(&self.saved, self.problems))
                @if let Some(message) = self.message { p.small { (message) } }
                button.primary.full type="submit" { (self.button()) }
                p.small.muted { (self.consent()) }
                (CardForm::draw_test_cards())
            }
        }
    }

    fn consent(&self) -> String {
        match &self.purpose {
            Purpose::SetUp => format!(
                "By saving your card you allow {} to charge it for future payments.",
                self.seller
            ),
            Purpose::Subscription { trial: Some(_), .. } => format!(
                "By starting the trial you allow {} to charge your card after it, and for each following period, until you cancel.",
                self.seller
            ),
            Purpose::Subscription { .. } => format!(
                "By subscribing you allow {} to charge your card now and for each following period, until you cancel.",
                self.seller
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view<'a>(form: &'a CardForm, problems: &'a Problems, trial: Option<String>) -> CheckoutView<'a> {
        CheckoutView {
            submit_to: "/c/pay/cs_test_1".into(),
            seller: "Nova & Friends",
            cancel_url: Some("http://127.0.0.1:3000/c/nova"),
            purpose: Purpose::Subscription {
                lines: vec![Line {
                    name: "Gold".into(),
                    description: None,
                    price: None,
                    amount: "€5.00".into(),
                }],
                recurring: "€5.00".into(),
                interval: "per month".into(),
                trial,
                due_today: "€5.00".into(),
            },
            fixed_email: None,
            message: None,
            saved: vec![],
            form,
            problems,
        }
    }

    #[test]
    fn the_customer_sees_what_is_bought_and_what_is_due_today() {
        let (form, problems) = (CardForm::default(), Problems::default());
        let page = view(&form, &problems, None).draw().into_string();
        for text in [
            "Subscribe to Gold",
            "Total due today",
            "€5.00",
            "per month",
            "Back to Nova &amp; Friends",
        ] {
            assert!(page.contains(text), "{text} is missing");
        }
        assert!(
            !page.to_lowercase().contains("fee"),
            "the platform's fee is not the customer's business"
        );
    }

    #[test]
    fn a_trial_changes_the_heading_and_the_button() {
        let (form, problems) = (CardForm::default(), Problems::default());
        let page = view(&form, &problems, Some("7 days free".into())).draw().into_string();
        assert!(
            page.contains("Try Gold") && page.contains("Start trial") && page.contains("7 days free"),
            "{page}"
        );
    }
}
