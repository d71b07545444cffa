//! Roles held for other reasons than a subscription: given, or the owner's.

use leptos::prelude::*;
use model::membership::HeldRole;

use crate::ui::{Card, Day};

/// Nothing when there are none.
#[component]
pub fn OtherRoles(roles: Vec<HeldRole>) -> impl IntoView {
    (!roles.is_empty()).then(|| {
        let lines = roles
            .into_iter()
            .map(|HeldRole { label, ends_at }| {
                let until = ends_at.map_or_else(
                    || view! { <span class="quiet">"without an end"</span> }.into_any(),
                    |at| view! { <span class="quiet">"until " <Day at /></span> }.into_any(),
                );
                view! { <li class="row row-between"><strong>{label}</strong> {until}</li> }
            })
            .collect_view();
        view! {
            <Card title="Other roles you hold">
                <ul class="list">{lines}</ul>
            </Card>
        }
    })
}
