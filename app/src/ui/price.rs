//! Amounts as a person reads them.

use leptos::prelude::*;
use model::{interval::Interval, money::Money};

/// `<Price amount per=Interval::Month />` → **€9.00** / month
#[component]
pub fn Price(amount: Money, #[prop(optional, into)] per: Option<Interval>) -> impl IntoView {
    view! {
        <span class="price">
            <span class="price-amount">{amount.to_string()}</span>
            {per
                .map(|interval| {
                    // The space stands outside, for a line to end there.
                    view! {
                        " "
                        <span class="price-interval">"/ " {interval.as_str()}</span>
                    }
                })}
        </span>
    }
}
