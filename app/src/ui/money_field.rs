//! An amount of money in a known currency.

use leptos::prelude::*;

use super::Field;
use crate::error::Failure;

/// `<MoneyField name="monthly" label="Price per month" currency="EUR" value="9.00" failure />`
///
/// The text is sent as it was typed; the server parses it exactly.
#[component]
pub fn MoneyField(
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    /// The ISO 4217 code as people read it.
    #[prop(into)]
    currency: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] failure: Signal<Option<Failure>>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    view! {
        <Field
            name
            label
            hint
            value
            failure
            required
            id
            inputmode="decimal"
            autocomplete="off"
            suffix=currency
        />
    }
}
