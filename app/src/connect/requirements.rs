//! What Stripe wants to know about the account.

use leptos::prelude::*;
use model::account::{AccountSnapshot, requirement_label};

use crate::ui::Day;

/// Nothing when Stripe wants nothing.
#[component]
pub fn Requirements(snapshot: AccountSnapshot) -> impl IntoView {
    let past_due = snapshot.past_due;
    // Stripe lists what is past due among what is due, too.
    let due: Vec<String> = snapshot
        .currently_due
        .into_iter()
        .filter(|requirement| !past_due.contains(requirement))
        .collect();
    let deadline = snapshot.deadline;
    view! {
        {(!past_due.is_empty())
            .then(|| view! { <Wanted title="Overdue at Stripe" requirements=past_due /> })}
        {(!due.is_empty())
            .then(|| {
                view! {
                    <Wanted title="Stripe still needs" requirements=due />
                    {deadline.map(|at| view! { <p class="small">"Due by " <Day at /> "."</p> })}
                }
            })}
    }
}

#[component]
fn Wanted(title: &'static str, requirements: Vec<String>) -> impl IntoView {
    let items = requirements
        .iter()
        .map(|requirement| view! { <li>{requirement_label(requirement)}</li> })
        .collect_view();
    view! {
        <div class="stack-tight">
            <h3>{title}</h3>
            <ul class="requirements">{items}</ul>
        </div>
    }
}
