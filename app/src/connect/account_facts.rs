//! Which account it is, and what works on it.

use leptos::prelude::*;
use model::account::AccountSnapshot;

use crate::ui::{Icon, IconName};

/// Name, id, country, payments and payouts; and the way to the account's dashboard at Stripe. `reachable`: access was not
/// lost, so what works on it is known.
#[component]
pub fn AccountFacts(snapshot: AccountSnapshot, reachable: bool, dashboard_url: Option<String>) -> impl IntoView {
    let enabled = |yes: bool| reachable.then(|| if yes { "enabled" } else { "not enabled" }.to_owned());
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
            {fact("Payments", enabled(snapshot.charges_enabled))}
            {fact("Payouts", enabled(snapshot.payouts_enabled))}
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
