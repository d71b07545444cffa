//! What Stripe wants to know about the account.

use leptos::prelude::*;
use model::account::{AccountSnapshot, requirement_label};

use crate::ui::Day;

/// Nothing when Stripe wants nothing.
#[component]
pub fn Requirements(snapshot: AccountSnapshot) -> impl IntoView {
    // Stripe calls everything past due from an account's first moment; before details are submitted nothing is late.
    let past_due = if snapshot.details_submitted {
        snapshot.past_due.clone()
    } else {
        Vec::new()
    };
    // Stripe lists what is past due among what is due, too, but not always.
    let mut due = Vec::new();
    for requirement in snapshot.currently_due.into_iter().chain(snapshot.past_due) {
        if !past_due.contains(&requirement) && !due.contains(&requirement) {
            due.push(requirement);
        }
    }
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
    let mut labels: Vec<String> = requirements.iter().map(|one| requirement_label(one)).collect();
    // Several of Stripe's fields can be one thing to a person.
    labels.dedup();
    let items = labels
        .into_iter()
        .map(|label| view! { <li>{label}</li> })
        .collect_view();
    view! {
        <div class="stack-tight">
            <h3>{title}</h3>
            <ul class="requirements">{items}</ul>
        </div>
    }
}
