//! What a form carries of the thing it edits: how it was when the form was opened, so that who saves overwrites nothing they
//! have not seen.

use leptos::prelude::*;
use model::{Problem, fingerprint::Fingerprint};

use super::{OpenForm, typed};
use crate::error::Failure;

const FIELD: &str = "shown";

/// `<Shown form=state.form fingerprint=tier.shown failure />`, below the form's `FormFailure`, which takes the focus. Refused because of a change
/// elsewhere, the form carries what is there by then, and saving again replaces that.
#[component]
pub fn Shown(
    form: OpenForm,
    fingerprint: Fingerprint,
    failure: Signal<Option<Failure>>,
    /// What was saved, where the form stays open after that.
    #[prop(optional, into)]
    saved: Signal<Option<Fingerprint>>,
) -> impl IntoView {
    // A form that came back refused carries what it was sent with: the page around it may know more than who typed.
    let opened = typed(FIELD, failure).map_or(fingerprint, Fingerprint);
    let carried = Memo::new(move |before: Option<&Fingerprint>| {
        let now = failure.with(|failure| edited_meanwhile(failure.as_ref()).cloned());
        // What was saved before this form was drawn is no news to it.
        let saved = saved.get().filter(|_| before.is_some());
        now.or(saved).unwrap_or_else(|| before.unwrap_or(&opened).clone())
    });
    let meanwhile = Memo::new(move |_| failure.with(|failure| edited_meanwhile(failure.as_ref()).is_some()));
    view! {
        // Off: Firefox would keep the old one when the page is loaded again.
        <input type="hidden" name=FIELD value=move || carried.get().to_string() autocomplete="off" />
        {move || {
            meanwhile
                .get()
                .then(|| {
                    view! {
                        <p>
                            <a href=form.address_now() target="_blank">
                                "See how it is now"
                            </a>
                            " (opens a new tab)"
                        </p>
                    }
                })
        }}
    }
}

fn edited_meanwhile(failure: Option<&Failure>) -> Option<&Fingerprint> {
    match failure {
        Some(Failure::Problem(Problem::EditedMeanwhile { now })) => Some(now),
        _ => None,
    }
}
