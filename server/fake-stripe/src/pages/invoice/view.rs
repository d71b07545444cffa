//! How the hosted invoice page looks: a bill while it is open, a receipt once it is paid.

use maud::{Markup, html};

use crate::pages::{
    card_form::{CardForm, Problems, SavedCard},
    layout::{Shape, document},
};

/// One line of the bill, written out.
pub struct InvoiceLine {
    pub description: String,
    /// As in `22 November 2026 – 22 December 2026`.
    pub period: String,
    pub amount: String,
}

/// What can be done with the invoice.
pub enum Standing<'a> {
    /// It can be paid here.
    Open {
        submit_to: String,
        saved: Vec<SavedCard>,
        form: &'a CardForm,
        problems: &'a Problems,
    },
    /// It is a receipt.
    Paid { on: String, with: Option<String> },
    /// Neither: void, uncollectible or still a draft; the sentence says which.
    Closed { sentence: &'static str },
}

pub struct InvoiceView<'a> {
    pub seller: &'a str,
    pub number: &'a str,
    pub customer: String,
    pub created: String,
    pub lines: Vec<InvoiceLine>,
    /// Further rows above the total, as in `Applied balance`.
    pub adjustments: Vec<(&'static str, String)>,
    pub total: String,
    pub amount_due: String,
    /// The platform's share, for whoever develops against this.
    pub application_fee: Option<String>,
    pub standing: Standing<'a>,
}

impl InvoiceView<'_> {
    pub fn draw(&self) -> Markup {
        let (word, class) = match self.standing {
            Standing::Open { .. } => ("Invoice", "warn"),
            Standing::Paid { .. } => ("Receipt", "good"),
            Standing::Closed { .. } => ("Invoice", ""),
        };
        document(
            &format!("{word} {} · {}", self.number, self.seller),
            Shape::Narrow,
            html! {
                div.stack {
                    section.card.stack {
                        div.row {
                            p.crumb { (self.seller) }
                            span class={ "tag " (class) } { (self.state()) }
                        }
                        h1 { (word) " " (self.number) }
                        p.amount { (self.headline()) }
                        @if let Standing::Closed { sentence } = &self.standing { p.notice { (sentence) } }
                        dl.facts { (self.facts()) }
                        h2 { "Summary" }
                        (self.summary())
                        @if matches!(self.standing, Standing::Paid { .. }) {
                            p.small.muted.no-print { "To keep a copy, print this page." }
                        }
                    }
                    @if let Standing::Open { submit_to, saved, form, problems } = &self.standing {
                        section.card aria-labelledby="pay-heading" {
                            form.stack method="post" action=(submit_to) novalidate {
                                h2 id="pay-heading" { "Pay " (self.amount_due) }
                                (CardForm::draw_refusal(problems))
                                (form.draw(saved, problems))
                                button.primary.full type="submit" { "Pay " (self.amount_due) }
                                (CardForm::draw_test_cards())
                            }
                        }
                    }
                    @if let Some(fee) = &self.application_fee {
                        aside.small.muted.no-print aria-label="For developers" {
                            "For developers: the platform’s application fee on this invoice is "
                            strong { (fee) } ". Customers of the real Stripe do not see this."
                        }
                    }
                }
            },
        )
    }

    const fn state(&self) -> &'static str {
        match self.standing {
            Standing::Open { .. } => "To pay",
            Standing::Paid { .. } => "Paid",
            Standing::Closed { .. } => "Closed",
        }
    }

    fn headline(&self) -> &str {
        if matches!(self.standing, Standing::Open { .. }) {
            &self.amount_due
        } else {
            &self.total
        }
    }

    fn facts(&self) -> Markup {
        html! {
            dt { "Bill to" } dd { (self.customer) }
            dt { "Issued" } dd { (self.created) }
            @if let Standing::Paid { on, with } = &self.standing {
                dt { "Paid" } dd { (on) }
                @if let Some(card) = with { dt { "Paid with" } dd { (card) } }
            }
        }
    }

    fn summary(&self) -> Markup {
        html! {
            dl.lines {
                @for line in &self.lines {
                    div { dt { (line.description) br; span.small.muted { (line.period) } } dd { (line.amount) } }
                }
                @for (label, amount) in &self.adjustments { div { dt { (label) } dd { (amount) } } }
                div.total { dt { "Total" } dd { (self.total) } }
                @if matches!(self.standing, Standing::Open { .. }) {
                    div { dt { "Amount due" } dd { (self.amount_due) } }
                }
            }
        }
    }
}
