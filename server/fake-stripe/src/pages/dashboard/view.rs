//! How an account's dashboard looks: what a merchant sees at Stripe, then the switches only a fake one has.

use maud::{Markup, html};

use super::{switches::Switches, table::Table};
use crate::pages::layout::{Shape, document};

pub struct DashboardView<'a> {
    pub account: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub country: &'a str,
    pub status: (&'static str, &'static str),
    /// What Stripe still asks for.
    pub due: Vec<String>,
    pub done: Option<&'static str>,
    pub tables: Vec<Table>,
    pub switches: Switches<'a>,
}

impl DashboardView<'_> {
    pub fn draw(&self) -> Markup {
        document(
            &format!("{} · Dashboard", self.name),
            Shape::Wide,
            html! {
                div.stack {
                    nav aria-label="Accounts" { a.back href="/dashboard" { span aria-hidden="true" { "←" } "All accounts" } }
                    div.row {
                        h1 { (self.name) }
                        span class={ "tag " (self.status.1) } { (self.status.0) }
                    }
                    @if let Some(sentence) = self.done { p.notice.good role="status" { (sentence) } }
                    (self.account_card())
                    @for table in &self.tables { (table.draw()) }
                    (self.switches.draw())
                }
            },
        )
    }

    fn account_card(&self) -> Markup {
        html! {
            section.card.stack aria-labelledby="account" {
                h2 id="account" { "Account" }
                dl.facts {
                    dt { "Id" } dd { code { (self.account) } }
                    dt { "Country" } dd { (self.country) }
                    dt { "E-mail" } dd { (self.email) }
                    dt { "Platform" } dd { @if self.switches.connected { "Connected" } @else { "Not connected" } }
                }
                @if !self.due.is_empty() {
                    div.notice.warn {
                        h3 { "Stripe needs more information" }
                        ul { @for item in &self.due { li { (item) } } }
                    }
                }
            }
        }
    }
}

/// One of the accounts in the list of all.
pub struct AccountEntry {
    pub id: String,
    pub name: String,
    pub status: (&'static str, &'static str),
}

/// The list of all accounts, which is also the front page.
pub fn accounts_page(accounts: &[AccountEntry]) -> Markup {
    document(
        "Accounts",
        Shape::Wide,
        html! {
            div.stack {
                h1 { "Connected accounts" }
                section.card.stack {
                    @if accounts.is_empty() {
                        p.muted { "No account yet. The platform makes one when a merchant connects." }
                    }
                    ul.entries {
                        @for account in accounts {
                            li.row {
                                p {
                                    a href={ "/dashboard/" (account.id) } { (account.name) }
                                    br; code.muted { (account.id) }
                                }
                                span class={ "tag " (account.status.1) } { (account.status.0) }
                            }
                        }
                    }
                }
            }
        },
    )
}
