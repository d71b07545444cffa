//! How an account's dashboard looks: what a merchant sees at Stripe, and the switches only a fake one has.

use maud::{Markup, html};

use crate::pages::{
    layout::{Shape, document},
    onboarding::view::{OutcomeChoice, outcome_choices},
};

/// A row of one of the lists: cells in the order of the list's columns, the first linked when `url` is set.
pub struct Row {
    pub url: Option<String>,
    pub cells: Vec<String>,
    pub tag: (String, &'static str),
}

/// A list of the account's objects.
pub struct Table {
    pub id: &'static str,
    pub title: &'static str,
    pub columns: &'static [&'static str],
    pub rows: Vec<Row>,
    pub empty: &'static str,
}

pub struct DashboardView<'a> {
    pub account: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub country: &'a str,
    pub status: (&'static str, &'static str),
    /// What Stripe still asks for.
    pub due: Vec<String>,
    pub connected: bool,
    pub closed: bool,
    pub isolated_opener: bool,
    pub outcomes: &'a [OutcomeChoice],
    pub chosen_outcome: &'a str,
    pub done: Option<&'static str>,
    pub tables: Vec<Table>,
}

impl DashboardView<'_> {
    pub fn draw(&self) -> Markup {
        let base = format!("/dashboard/{}", self.account);
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
                    (self.switches(&base))
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
                    dt { "Platform" } dd { @if self.connected { "Connected" } @else { "Not connected" } }
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

    fn switches(&self, base: &str) -> Markup {
        html! {
            section.card.stack.loose aria-labelledby="switches" {
                div.stack.tight {
                    h2 id="switches" { "Only in the fake Stripe" }
                    p.muted { "What would take a bank, a reviewer or a call to support." }
                }
                form.stack method="post" action={ (base) "/outcome" } {
                    fieldset {
                        legend { "State of the account" }
                        (outcome_choices(self.outcomes, self.chosen_outcome))
                    }
                    div { button disabled[!self.connected] { "Change the account’s state" } }
                }
                div.actions {
                    form method="post" action={ (base) "/disconnect" } {
                        button.danger disabled[!self.connected] { "Disconnect the platform" }
                    }
                    form method="post" action={ (base) "/close" } {
                        button.danger disabled[self.closed] { "Close the account" }
                    }
                }
                form.stack.tight method="post" action={ (base) "/opener" } {
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
}

impl Table {
    fn draw(&self) -> Markup {
        html! {
            section.card.stack aria-labelledby=(self.id) {
                h2 id=(self.id) { (self.title) }
                @if self.rows.is_empty() { p.muted { (self.empty) } }
                @else {
                    table.folding {
                        thead {
                            tr {
                                @for column in self.columns { th scope="col" { (column) } }
                                th scope="col" { "Status" }
                            }
                        }
                        tbody { @for row in &self.rows { (self.draw_row(row)) } }
                    }
                }
            }
        }
    }

    fn draw_row(&self, row: &Row) -> Markup {
        html! {
            tr {
                @for (position, (cell, column)) in row.cells.iter().zip(self.columns).enumerate() {
                    td data-label=(column) {
                        @if let (0, Some(url)) = (position, &row.url) { a href=(url) { (cell) } } @else { (cell) }
                    }
                }
                td data-label="Status" { span class={ "tag " (row.tag.1) } { (row.tag.0) } }
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
