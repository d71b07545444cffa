//! The portal's pages for one step each: confirming a cancellation, adding a card, changing the customer's information.

use maud::{Markup, html};
use serde::Deserialize;

use super::view::PortalFrame;
use crate::pages::{
    card_form::{CardForm, Problems},
    field::Field,
};

/// Asks once more before a subscription is set to end.
pub fn cancellation(frame: &PortalFrame<'_>, subscription: &str, name: &str, price: &str, sentence: &str) -> Markup {
    frame.draw(
        "Cancel your subscription",
        html! {
            div.stack {
                (go_back(frame))
                section.card.stack {
                    h1 { "Cancel your subscription" }
                    p { strong { (name) } " · " (price) }
                    p { (sentence) }
                    form.actions method="post" action={ (frame.base) "/subscriptions/" (subscription) "/cancel" } {
                        button.danger { "Confirm cancellation" }
                        a.button href=(frame.overview) { "Keep subscription" }
                    }
                }
            }
        },
    )
}

/// The form for another card.
pub fn add_card(frame: &PortalFrame<'_>, form: &CardForm, problems: &Problems) -> Markup {
    frame.draw(
        "Add a payment method",
        html! {
            div.stack {
                (go_back(frame))
                form.card.stack method="post" action={ (frame.base) "/payment-methods/add" } novalidate {
                    h1 { "Add a payment method" }
                    (CardForm::draw_refusal(problems))
                    (form.draw(&[], problems))
                    p.muted { "It becomes the card that your subscriptions are paid with." }
                    div.actions {
                        button.primary { "Add card" }
                        a.button href=(frame.overview) { "Go back" }
                    }
                    (CardForm::draw_test_cards())
                }
            }
        },
    )
}

/// What a customer may change about themself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CustomerForm {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// Which of the customer's fields the configuration lets them change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    pub name: bool,
    pub email: bool,
    pub phone: bool,
}

pub fn customer(frame: &PortalFrame<'_>, form: &CustomerForm, allowed: Allowed, email_problem: Option<&str>) -> Markup {
    frame.draw(
        "Billing information",
        html! {
            div.stack {
                (go_back(frame))
                form.card.stack method="post" action={ (frame.base) "/customer" } novalidate {
                    h1 { "Billing information" }
                    @if allowed.name {
                        (Field { name: "name", label: "Name", value: &form.name, autocomplete: "name", ..Field::default() }.draw())
                    }
                    @if allowed.email {
                        (Field { name: "email", label: "E-mail", kind: "email", value: &form.email, autocomplete: "email",
                            inputmode: "email", problem: email_problem, ..Field::default() }.draw())
                    }
                    @if allowed.phone {
                        (Field { name: "phone", label: "Phone", kind: "tel", value: &form.phone, autocomplete: "tel",
                            inputmode: "tel", ..Field::default() }.draw())
                    }
                    div.actions {
                        button.primary { "Save" }
                        a.button href=(frame.overview) { "Go back" }
                    }
                }
            }
        },
    )
}

fn go_back(frame: &PortalFrame<'_>) -> Markup {
    html! { p { a.back href=(frame.overview) { span aria-hidden="true" { "←" } "Billing" } } }
}
