//! What stands where something would be that the person looking may not see.

use leptos::prelude::*;

use super::{Icon, IconName};

/// `<Locked title="For supporters"><p>"…"</p><ButtonLink href>"See the tiers"</ButtonLink></Locked>`
#[component]
pub fn Locked(#[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    view! {
        <section class="locked">
            <span class="locked-icon">
                <Icon name=IconName::Lock />
            </span>
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
