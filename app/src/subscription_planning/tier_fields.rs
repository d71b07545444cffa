//! The fields of a tier, in every form that has them.

use leptos::prelude::*;
use model::{interval::Interval, money::Currency, planning::TierView};

use crate::{
    editing::nested,
    error::Failure,
    ui::{AreaField, Field, MoneyField},
};

/// A problem's field, and how the form nests it.
const NAMES: &[(&str, &str)] = &[
    ("label", "tier[label]"),
    ("tier_label", "tier[label]"),
    ("description", "tier[description]"),
    ("monthly", "tier[monthly]"),
    ("yearly", "tier[yearly]"),
];

/// The form's fields that show their own problem; for `FormFailure`.
pub const FIELDS: &[&str] = &[
    "plan_label",
    "tier[label]",
    "tier[description]",
    "tier[monthly]",
    "tier[yearly]",
];

/// The failure as these fields know it.
pub fn tier_failure(failure: Signal<Option<Failure>>) -> Signal<Option<Failure>> {
    nested(failure, NAMES)
}

/// Label, description, and a price by month and by year.
#[component]
pub fn TierFields(
    currency: Currency,
    /// From [`tier_failure`].
    failure: Signal<Option<Failure>>,
    /// What is there already.
    #[prop(optional)]
    tier: Option<TierView>,
) -> impl IntoView {
    let code = currency.code().to_uppercase();
    let price = |interval| {
        tier.as_ref()
            .and_then(|tier| tier.price(interval))
            .map_or_else(String::new, |price| price.amount.plain())
    };
    let (monthly, yearly) = (price(Interval::Month), price(Interval::Year));
    let price_hint = if tier.is_some() {
        "A new price is for new subscribers: existing subscribers keep their price. Empty: not sold this way."
    } else {
        "Leave one of them empty to sell it only the other way."
    };
    let (label, description) = tier.map(|tier| (tier.label, tier.description)).unwrap_or_default();
    view! {
        <Field
            name="tier[label]"
            label="Tier name"
            hint="As customers read it, for example “Gold”."
            value=label
            failure
            required=true
        />
        <AreaField
            name="tier[description]"
            label="Description"
            hint="What somebody gets for it, in a sentence or two."
            value=description
            failure
            rows=2
        />
        <div class="price-fields">
            <MoneyField name="tier[monthly]" label="Price per month" currency=code.clone() value=monthly failure />
            <MoneyField name="tier[yearly]" label="Price per year" currency=code value=yearly failure />
        </div>
        <p class="field-hint">{price_hint}</p>
    }
}
