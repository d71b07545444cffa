//! How one of the dashboard's lists looks: a table that folds on narrow screens, with what can be done by hand in each row.

use maud::{Markup, html};

/// Something a button makes happen.
pub struct Act {
    /// What its form sends.
    pub name: &'static str,
    pub label: &'static str,
    pub harmful: bool,
}

impl Act {
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            harmful: false,
        }
    }

    pub const fn harmful(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            harmful: true,
        }
    }
}

/// What can be done with a row's object.
pub struct ByHand {
    /// Where the form goes.
    pub action: String,
    /// Which row, for whom the buttons are read aloud.
    pub about: String,
    pub acts: Vec<Act>,
    /// Whether an amount may be given: what is meant when the field is left empty.
    pub amount: Option<String>,
}

/// A row of one of the lists: cells in the order of the list's columns, the first linked when `url` is set.
pub struct Row {
    /// The object's, so that an address can lead to its row.
    pub id: String,
    pub url: Option<String>,
    pub cells: Vec<String>,
    pub tag: (String, &'static str),
    pub by_hand: Option<ByHand>,
}

/// A list of the account's objects.
pub struct Table {
    pub id: &'static str,
    pub title: &'static str,
    pub columns: &'static [&'static str],
    pub rows: Vec<Row>,
    pub empty: &'static str,
}

impl Table {
    pub fn draw(&self) -> Markup {
        let by_hand = self.rows.iter().any(|row| row.by_hand.is_some());
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
                                @if by_hand { th scope="col" { "By hand" } }
                            }
                        }
                        tbody { @for row in &self.rows { (self.draw_row(row, by_hand)) } }
                    }
                }
            }
        }
    }

    fn draw_row(&self, row: &Row, by_hand: bool) -> Markup {
        html! {
            tr id=(row.id) {
                @for (position, (cell, column)) in row.cells.iter().zip(self.columns).enumerate() {
                    td data-label=(column) {
                        @if let (0, Some(url)) = (position, &row.url) { a href=(url) { (cell) } } @else { (cell) }
                    }
                }
                td data-label="Status" { span class={ "tag " (row.tag.1) } { (row.tag.0) } }
                @if by_hand { td.by-hand { @if let Some(by_hand) = &row.by_hand { (by_hand.draw()) } } }
            }
        }
    }
}

impl ByHand {
    fn draw(&self) -> Markup {
        html! {
            details {
                summary { "Change" span.visually-hidden { " " (self.about) } }
                form.stack.tight method="post" action=(self.action) {
                    @if let Some(meant) = &self.amount {
                        label.field {
                            "Amount"
                            input name="amount" inputmode="decimal" autocomplete="off" placeholder=(meant);
                        }
                    }
                    div.actions {
                        @for act in &self.acts {
                            button.slight.danger[act.harmful] name="act" value=(act.name) { (act.label) }
                        }
                    }
                }
            }
        }
    }
}
