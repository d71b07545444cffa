//! How the OAuth question looks: which account to connect to the platform, or none.

use maud::{Markup, html};

use crate::pages::layout::{Shape, document};

/// An account that may be connected.
pub struct AccountChoice {
    pub id: String,
    pub name: String,
    pub status: &'static str,
}

pub struct AuthorizeView<'a> {
    pub platform: &'a str,
    /// The request's own parameters, carried through the form.
    pub carried: &'a [(&'static str, String)],
    pub accounts: &'a [AccountChoice],
}

impl AuthorizeView<'_> {
    pub fn draw(&self) -> Markup {
        document(
            "Connect your account",
            Shape::Narrow,
            html! {
                form.card.stack method="post" action="/oauth/authorize" {
                    h1 { "Connect your account to " (self.platform) }
                    p.muted { "It will be able to see your payments, and to sell for you." }
                    @for (name, value) in self.carried { input type="hidden" name=(name) value=(value); }
                    fieldset {
                        legend { "Account" }
                        @for (position, account) in self.accounts.iter().enumerate() {
                            label.choice {
                                input type="radio" name="account" value=(account.id) checked[position == 0];
                                span { (account.name) }
                                span.small.muted { code { (account.id) } " · " (account.status) }
                            }
                        }
                        label.choice {
                            input type="radio" name="account" value="new" checked[self.accounts.is_empty()];
                            span { "A new account" }
                            span.small.muted { "Made now, ready to take payments" }
                        }
                    }
                    div.actions {
                        button.primary name="decision" value="connect" { "Connect" }
                        button name="decision" value="deny" { "Deny" }
                    }
                }
            },
        )
    }
}
