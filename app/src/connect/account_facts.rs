//! Which account it is, and what works on it.

use leptos::prelude::*;
use model::account::AccountSnapshot;

use crate::ui::{Icon, IconName};

/// Name, id, country, payments and payouts; and the way to the account's dashboard at Stripe.
#[component]
pub fn AccountFacts(snapshot: AccountSnapshot, dashboard_url: Option<String>) -> impl IntoView {
    let enabled = |yes: bool| if yes { "enabled" } else { "not enabled" };
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        })
    };
    view! {
        <dl class="facts">
            {fact("Business", snapshot.name)} {fact("E-mail", snapshot.email)} {fact("Country", snapshot.country)}
            <dt>"Account"</dt>
            <dd>
                <code class="breakable">{snapshot.account}</code>
            </dd>
            <dt>"Payments"</dt>
            <dd>{enabled(snapshot.charges_enabled)}</dd>
            <dt>"Payouts"</dt>
            <dd>{enabled(snapshot.payouts_enabled)}</dd>
        </dl>
        {dashboard_url
            .map(|url| {
                view! {
                    <p>
                        <a href=url target="_blank" rel="external noopener noreferrer" class="row">
                            "Open the Stripe dashboard"
                            <Icon name=IconName::ExternalLink label="(in a new tab)" />
                        </a>
                    </p>
                }
            })}
    }
}
