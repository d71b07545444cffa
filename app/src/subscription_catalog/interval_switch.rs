//! By month or by year: two links, so that it works without JavaScript and can be sent to somebody.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{catalog::CatalogPlan, interval::Interval};

use super::state::{first_interval, use_catalog};

/// Nothing when no tier is sold by both.
#[component]
pub fn IntervalSwitch<'a>(plans: &'a [CatalogPlan]) -> impl IntoView + use<> {
    let asked = use_catalog().asked_interval;
    let first = first_interval(plans);
    let both = plans
        .iter()
        .flat_map(|plan| &plan.tiers)
        .any(|tier| tier.prices.len() > 1);
    let path = use_location().pathname;
    let link = move |interval: Interval, text: &'static str| {
        let href = move || [path.get().as_str(), "?interval=", interval.as_str()].concat();
        let shown = move || (asked.get().unwrap_or(first) == interval).then_some("true");
        view! {
            <a href=href data-noscroll aria-current=shown>
                {text}
            </a>
        }
    };
    both.then(|| {
        view! {
            <nav class="interval-switch" aria-label="Prices by month or by year">
                {link(Interval::Month, "Monthly")} {link(Interval::Year, "Yearly")}
            </nav>
        }
    })
}
