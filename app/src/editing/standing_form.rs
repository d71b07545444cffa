//! The form of what there is one of (settings): always open. What is typed into it outlives the page, and others' changes
//! wait until it was saved.

use leptos::{either::Either, html, prelude::*, task::spawn_local};
use serde::{Serialize, de::DeserializeOwned};

use super::{LoadedUnlessEditing, OpenForm, draft::Draft, put_back::PutBack};
use crate::{reading::Reading, session::use_session};

/// `<StandingForm form=state.form typing=state.typing resource=state.settings label="Loading settings" lines=6 let:settings>
/// <ActionForm …>…</ActionForm></StandingForm>`
#[component]
pub fn StandingForm<T, V>(
    /// Made by `use_standing_form`.
    form: OpenForm,
    /// Somebody typed, and has not saved it.
    typing: RwSignal<bool>,
    resource: Reading<T>,
    /// Read out while it loads.
    label: &'static str,
    /// How many lines the skeleton has.
    lines: u8,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let node = NodeRef::<html::Section>::new();
    let draft = Draft::new(node);
    let who = use_session().who;
    let begin = move || {
        Effect::new(move || {
            spawn_local(async move {
                // It is theirs that is put back.
                drop(who.await);
                // Once the fields are there.
                request_animation_frame(move || {
                    if typing.get_untracked() {
                        draft.begin_typing(form);
                    } else {
                        draft.begin(form);
                    }
                });
            });
        });
    };
    let put_back = draft.is_put_back();
    Effect::watch(move || put_back.get(), move |is_back, _, _| typing.set(*is_back), false);
    // A new form in place of the one before: an input in which somebody typed shows that from then on, whatever its value.
    let is_other = StoredValue::new(false);
    let anew = move |value: T| {
        begin();
        is_other.update_value(|is_other| *is_other = !*is_other);
        let form = children(value);
        if is_other.get_value() {
            Either::Left(form)
        } else {
            Either::Right(form)
        }
    };
    let typed = move |_| {
        typing.set(true);
        if draft.has_begun() || who.get_untracked().is_none() {
            draft.keep();
        } else {
            // They were quicker, and may be elsewhere before it begins.
            draft.begin_typing(form);
        }
    };
    view! {
        <section class="standing-form" tabindex="-1" node_ref=node on:input=typed>
            <PutBack draft />
            <LoadedUnlessEditing resource editing=typing label lines let:value>
                {anew(value)}
            </LoadedUnlessEditing>
        </section>
    }
}
