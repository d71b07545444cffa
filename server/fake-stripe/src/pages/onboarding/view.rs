//! How onboarding looks: what Stripe would ask a merchant for, and the outcome a developer wants to see.

use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::{
    country::Country,
    field::Field,
    layout::{Shape, document},
};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OnboardingForm {
    pub business_name: String,
    pub country: String,
    pub email: String,
    pub bank_account: String,
    pub outcome: String,
    /// Which button: `submit` or `later`.
    pub step: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnboardingProblems {
    pub business_name: Option<&'static str>,
    pub country: Option<&'static str>,
    pub email: Option<&'static str>,
    pub bank_account: Option<&'static str>,
    pub outcome: Option<&'static str>,
}

/// A way the account may turn out, as the form offers it.
pub struct OutcomeChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub detail: &'static str,
}

pub struct OnboardingView<'a> {
    pub submit_to: String,
    pub account: &'a str,
    pub countries: &'a [Country],
    pub outcomes: &'a [OutcomeChoice],
    pub form: &'a OnboardingForm,
    pub problems: &'a OnboardingProblems,
}

impl OnboardingView<'_> {
    pub fn draw(&self) -> Markup {
        document(
            "Set up your account",
            Shape::Narrow,
            html! {
                div.stack {
                    div.stack.tight {
                        h1 { "Set up your account" }
                        p.muted { "Tell Stripe about your business, so that it can take payments for you. The fields hold test values; change what you like." }
                    }
                    form.card.stack.loose method="post" action=(self.submit_to) novalidate {
                        section.stack aria-labelledby="business" {
                            h2 id="business" { "Your business" }
                            (Field { name: "business_name", label: "Business name", value: &self.form.business_name,
                                autocomplete: "organization", problem: self.problems.business_name, ..Field::default() }.draw())
                            div.field {
                                label for="country" { "Country" }
                                select id="country" name="country" autocomplete="country" {
                                    @for country in self.countries {
                                        option value=(country.code) selected[country.code == self.form.country] { (country.name) }
                                    }
                                }
                                @if let Some(problem) = self.problems.country { p.problem { (problem) } }
                            }
                            (Field { name: "email", label: "E-mail", kind: "email", value: &self.form.email, inputmode: "email",
                                autocomplete: "email", problem: self.problems.email, ..Field::default() }.draw())
                        }
                        section.stack aria-labelledby="bank" {
                            h2 id="bank" { "Where your money goes" }
                            (Field { name: "bank_account", label: "IBAN or account number", value: &self.form.bank_account,
                                hint: "A test value. Nothing is ever paid out.", problem: self.problems.bank_account,
                                ..Field::default() }.draw())
                        }
                        section aria-labelledby="outcome" {
                            fieldset {
                                legend { h2 id="outcome" { "How should it end?" } }
                                p.hint { "Only the fake Stripe asks this: the state your account is in afterwards." }
                                (outcome_choices(self.outcomes, &self.form.outcome))
                                @if let Some(problem) = self.problems.outcome { p.problem { (problem) } }
                            }
                        }
                        div.actions {
                            button.primary name="step" value="submit" { "Agree and submit" }
                            button name="step" value="later" { "Finish later" }
                        }
                    }
                    p.small.muted { "Account " code { (self.account) } }
                }
            },
        )
    }
}

/// The radio buttons, used on the dashboard as well.
pub fn outcome_choices(outcomes: &[OutcomeChoice], chosen: &str) -> Markup {
    html! {
        @for outcome in outcomes {
            label.choice {
                input type="radio" name="outcome" value=(outcome.value) checked[outcome.value == chosen];
                span { (outcome.label) }
                span.small.muted { (outcome.detail) }
            }
        }
    }
}
