//! Dates as a person reads them, and as a machine can.

use leptos::prelude::*;
use model::{Timestamp, date};

/// `<Day at />` → 3 March 2027
#[component]
pub fn Day(at: Timestamp) -> impl IntoView {
    view! { <time datetime=date::machine(at)>{date::day(at)}</time> }
}

/// `<Moment at />` → 3 March 2027, 14:05 UTC
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    view! { <time datetime=date::machine(at)>{date::moment(at)}</time> }
}
