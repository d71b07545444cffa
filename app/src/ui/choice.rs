//! Check boxes and radio buttons, alone or in a group with a legend.

use leptos::prelude::*;

use super::field::{FieldError, FieldIds, error_of};
use crate::error::Failure;

/// `<Checkbox name="privileges[]" value="p1" label="Watch videos" checked=true />`
#[component]
pub fn Checkbox(
    name: &'static str,
    #[prop(into, default = "true".to_owned())] value: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] checked: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! { <Choice kind="checkbox" name value label hint checked disabled /> }
}

/// `<Radio name="interval" value="month" label="Every month" checked=true />`; those with one name exclude each other.
#[component]
pub fn Radio(
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] checked: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! { <Choice kind="radio" name value label hint checked disabled /> }
}

#[component]
fn Choice(
    kind: &'static str,
    name: &'static str,
    value: String,
    label: Signal<String>,
    hint: Signal<Option<String>>,
    checked: Signal<bool>,
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type=kind name=name value=value checked=checked disabled=disabled />
            <span>
                {label} {move || hint.get().map(|hint| view! { <span class="field-hint">{hint}</span> })}
            </span>
        </label>
    }
}

/// Several choices that answer one question, and what is wrong with the answer.
///
/// `<ChoiceGroup name="privileges" legend="Privileges" failure>{checkboxes}</ChoiceGroup>`
#[component]
pub fn ChoiceGroup(
    /// The field's name as a `Problem` reports it.
    name: &'static str,
    #[prop(into)] legend: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] failure: Signal<Option<Failure>>,
    children: Children,
) -> impl IntoView {
    let ids = FieldIds::new(None, name);
    let wrong = error_of(name, failure);
    let described_by = ids.described_by(hint, wrong);
    view! {
        <fieldset class="field choices" aria-describedby=described_by>
            <legend>{legend}</legend>
            <p class="field-hint" id=ids.hint>
                {hint}
            </p>
            {children()}
            <FieldError id=ids.error wrong />
        </fieldset>
    }
}
