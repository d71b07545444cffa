//! The switches that only a fake Stripe has: the account's state, what follows failed payments, and the account's end.

use maud::{Markup, html};

use crate::pages::onboarding::view::{OutcomeChoice, outcome_choices};

/// What Stripe does after the last failed attempt, as the merchant sets it in Stripe's dashboard.
pub const AFTER_FAILED_PAYMENTS: [(&str, &str); 5] = [
    ("cancel", "Cancel the subscription"),
    ("unpaid", "Mark it as unpaid"),
    ("past_due", "Leave it past due"),
    ("pause", "Pause it"),
    ("pause_at_once", "Pause it after the first one already"),
];

#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the page")]
pub struct Switches<'a> {
    /// The dashboard's address.
    pub base: &'a str,
    pub connected: bool,
    pub closed: bool,
    pub deleted: bool,
    pub outcomes: &'a [OutcomeChoice],
    pub chosen_outcome: &'a str,
    pub after_failed_payments: &'a str,
    pub isolated_opener: bool,
}

impl Switches<'_> {
    pub fn draw(&self) -> Markup {
        html! {
            section.card.stack.loose aria-labelledby="switches" {
                div.stack.tight {
                    h2 id="switches" { "Only in the fake Stripe" }
                    p.muted { "What would take a bank, a reviewer or a call to support." }
                }
                form.stack method="post" action={ (self.base) "/outcome" } {
                    fieldset {
                        legend { "State of the account" }
                        (outcome_choices(self.outcomes, self.chosen_outcome))
                    }
                    div { button disabled[!self.connected] { "Change the account’s state" } }
                }
                form.stack.tight method="post" action={ (self.base) "/after_failed_payments" } {
                    label.field {
                        "After the last failed payment of a subscription"
                        select name="after" {
                            @for (value, label) in AFTER_FAILED_PAYMENTS {
                                option value=(value) selected[value == self.after_failed_payments] { (label) }
                            }
                        }
                    }
                    div { button { "Change what happens then" } }
                }
                (self.ends())
                (self.isolation())
            }
        }
    }

    fn ends(&self) -> Markup {
        html! {
            div.stack.tight {
                h3 { "The end of the connection" }
                p.muted.small {
                    "A disconnected or closed account can be connected again through OAuth; a deleted one is gone for good."
                }
                div.actions {
                    form method="post" action={ (self.base) "/disconnect" } {
                        button.danger disabled[!self.connected] { "Disconnect the platform" }
                    }
                    form method="post" action={ (self.base) "/close" } {
                        button.danger disabled[self.closed || self.deleted] { "Close the account" }
                    }
                    form method="post" action={ (self.base) "/delete" } {
                        button.danger disabled[self.deleted] { "Delete the account" }
                    }
                }
            }
        }
    }

    fn isolation(&self) -> Markup {
        html! {
            form.stack.tight method="post" action={ (self.base) "/opener" } {
                h3 { "Window isolation" }
                p.muted.small {
                    "Real payment pages may send Cross-Origin-Opener-Policy: same-origin, which cuts a popup off from the page that opened it. For all hosted pages it is now "
                    strong { @if self.isolated_opener { "on" } @else { "off" } } "."
                }
                input type="hidden" name="isolated" value=(if self.isolated_opener { "no" } else { "yes" });
                div { button { @if self.isolated_opener { "Stop isolating the pages" } @else { "Isolate the pages" } } }
            }
        }
    }
}
