//! Labelled inputs for ordinary forms: they have `name` and `value`, so they work without JavaScript and keep what was
//! typed when a submission fails. A failure about the field's `name` appears beside it and moves the focus there.

use leptos::{html, prelude::*};

use crate::{editing::typed, error::Failure, first_page::is_first_page};

/// A one-line input.
///
/// `<Field name="slug" label="Address" hint="3 to 40 letters" failure required=true />`
#[component]
pub fn Field(
    /// The form field's name, as the server function's argument and as a `Problem` reports it.
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    /// What is in it at first; what was typed, when the form came back refused.
    #[prop(optional, into)]
    value: Signal<String>,
    #[prop(optional, into)] failure: Signal<Option<Failure>>,
    /// The `type`: `text`, `email`, `url`, …
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// What stands after the input and belongs to it: a unit, a currency.
    #[prop(optional, into)]
    suffix: Signal<Option<String>>,
    /// What stands before the input and belongs to it: the start of an address.
    #[prop(optional, into)]
    prefix: Signal<Option<String>>,
    /// The element's id where a page has several fields of one name; else the name.
    #[prop(optional, into)]
    id: Option<String>,
    /// Told what is typed, as it is typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// As it comes up in the page: it is the next thing to do there.
    #[prop(optional)]
    takes_focus: bool,
) -> impl IntoView {
    let ids = FieldIds::new(id, name);
    let value = typed(name, failure).map_or(value, Signal::stored);
    let node = NodeRef::<html::Input>::new();
    let Wrong {
        sentence: wrong,
        edited,
    } = Wrong::until_edited(name, failure);
    go_to_first_wrong(name, failure, wrong, move || {
        if let Some(input) = node.get_untracked() {
            drop(input.focus());
        }
    });
    // A page begins at its start, as pages do.
    if takes_focus && !is_first_page() {
        Effect::new(move || {
            if let Some(input) = node.get() {
                // Once it is in the page.
                request_animation_frame(move || drop(input.focus()));
            }
        });
    }
    let typed = move |event| {
        edited.set(true);
        if let Some(on_input) = on_input {
            on_input.run(event_target_value(&event));
        }
    };
    let described_by = ids.described_by(hint, wrong);
    view! {
        <FieldFrame ids=ids.clone() label hint wrong optional=!required>
            <span class="field-input">
                {move || prefix.get().map(|prefix| view! { <span class="field-affix">{prefix}</span> })}
                <input
                    node_ref=node
                    id=ids.input
                    name=name
                    type=kind
                    value=value
                    dir="auto"
                    required=required
                    autocomplete=autocomplete
                    inputmode=inputmode
                    placeholder=placeholder
                    aria-describedby=described_by
                    aria-invalid=move || wrong.get().is_some().then_some("true")
                    on:input=typed
                />
                {move || suffix.get().map(|suffix| view! { <span class="field-affix">{suffix}</span> })}
            </span>
        </FieldFrame>
    }
}

/// An input of several lines. `<AreaField name="body" label="Text" rows=12 failure />`
#[component]
pub fn AreaField(
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] failure: Signal<Option<Failure>>,
    #[prop(default = 6)] rows: u32,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::new(id, name);
    let value = typed(name, failure).map_or(value, Signal::stored);
    let node = NodeRef::<html::Textarea>::new();
    let Wrong {
        sentence: wrong,
        edited,
    } = Wrong::until_edited(name, failure);
    go_to_first_wrong(name, failure, wrong, move || {
        if let Some(area) = node.get_untracked() {
            drop(area.focus());
        }
    });
    let described_by = ids.described_by(hint, wrong);
    view! {
        <FieldFrame ids=ids.clone() label hint wrong optional=!required>
            <textarea
                node_ref=node
                id=ids.input
                name=name
                rows=rows
                dir="auto"
                required=required
                aria-describedby=described_by
                aria-invalid=move || wrong.get().is_some().then_some("true")
                on:input=move |_| edited.set(true)
            >
                {value.get_untracked()}
            </textarea>
        </FieldFrame>
    }
}

/// One of a list. `<SelectField name="currency" label="Currency" options=vec![("eur".into(), "Euro".into())] value="eur" />`
#[component]
pub fn SelectField(
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    /// Values and what people read.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] failure: Signal<Option<Failure>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::new(id, name);
    let value = typed(name, failure).map_or(value, Signal::stored);
    let node = NodeRef::<html::Select>::new();
    let Wrong {
        sentence: wrong,
        edited,
    } = Wrong::until_edited(name, failure);
    go_to_first_wrong(name, failure, wrong, move || {
        if let Some(select) = node.get_untracked() {
            drop(select.focus());
        }
    });
    let described_by = ids.described_by(hint, wrong);
    let option = move |(key, text): (String, String)| {
        let selected = key == value.get();
        view! {
            <option value=key selected=selected>
                {text}
            </option>
        }
    };
    view! {
        <FieldFrame ids=ids.clone() label hint wrong>
            <span class="select">
                <select
                    node_ref=node
                    id=ids.input
                    name=name
                    disabled=disabled
                    aria-describedby=described_by
                    aria-invalid=move || wrong.get().is_some().then_some("true")
                    on:change=move |_| edited.set(true)
                >
                    {move || options.get().into_iter().map(option).collect_view()}
                </select>
            </span>
        </FieldFrame>
    }
}

/// The ids that tie a field's parts together.
#[derive(Clone)]
pub(super) struct FieldIds {
    pub input: String,
    pub hint: String,
    pub error: String,
}

impl FieldIds {
    pub fn new(id: Option<String>, name: &str) -> Self {
        let input = id.unwrap_or_else(|| name.to_owned());
        let hint = [input.as_str(), "-hint"].concat();
        let error = [input.as_str(), "-error"].concat();
        Self { input, hint, error }
    }

    /// What is there of hint and error: a name of nothing is an error to those who check.
    pub fn described_by(
        &self,
        hint: Signal<Option<String>>,
        wrong: Signal<Option<String>>,
    ) -> impl Fn() -> Option<String> + Clone + Send + Sync + use<> {
        let (hint_id, error_id) = (self.hint.clone(), self.error.clone());
        move || match (hint.with(Option::is_some), wrong.with(Option::is_some)) {
            (true, true) => Some([hint_id.as_str(), " ", error_id.as_str()].concat()),
            (true, false) => Some(hint_id.clone()),
            (false, true) => Some(error_id.clone()),
            (false, false) => None,
        }
    }
}

/// The sentence to show beside the field, when the failure is about it.
pub(super) fn error_of(name: &'static str, failure: Signal<Option<Failure>>) -> Signal<Option<String>> {
    Signal::derive(move || {
        failure.with(|failure| {
            let failure = failure.as_ref()?;
            failure.about(name).map(str::to_owned)
        })
    })
}

/// The sentence of [`error_of`], until the field is edited: what it says is about what was sent, and nothing more.
#[derive(Clone, Copy)]
struct Wrong {
    sentence: Signal<Option<String>>,
    edited: RwSignal<bool>,
}

impl Wrong {
    fn until_edited(name: &'static str, failure: Signal<Option<Failure>>) -> Self {
        let edited = RwSignal::new(false);
        Effect::new(move || {
            failure.track();
            edited.set(false);
        });
        let sentence = error_of(name, failure);
        Self {
            sentence: Signal::derive(move || sentence.get().filter(|_| !edited.get())),
            edited,
        }
    }
}

/// Of several wrong fields the first takes the focus, by `focus`: a courtesy, the message is on the page either way.
fn go_to_first_wrong(
    name: &'static str,
    failure: Signal<Option<Failure>>,
    wrong: Signal<Option<String>>,
    focus: impl Fn() + 'static,
) {
    Effect::new(move || {
        let first = failure.with(|failure| failure.as_ref().and_then(Failure::field) == Some(name));
        if wrong.with(Option::is_some) && first {
            focus();
        }
    });
}

/// Label, hint and error around an input.
#[component]
fn FieldFrame(
    ids: FieldIds,
    label: Signal<String>,
    hint: Signal<Option<String>>,
    wrong: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    children: Children,
) -> impl IntoView {
    let hint_id = ids.hint;
    view! {
        <div class="field">
            <label for=ids.input>
                {label} {optional.then(|| view! { <span class="field-optional">" optional"</span> })}
            </label>
            {children()}
            {move || {
                hint.get()
                    .map(|hint| {
                        view! {
                            <p class="field-hint" id=hint_id.clone()>
                                {hint}
                            </p>
                        }
                    })
            }}
            <FieldError id=ids.error wrong />
        </div>
    }
}

/// What is wrong with the field, or nothing.
#[component]
pub(super) fn FieldError(id: String, wrong: Signal<Option<String>>) -> impl IntoView {
    move || {
        wrong.get().map(|sentence| {
            view! {
                <p class="field-error" id=id.clone()>
                    {sentence}
                </p>
            }
        })
    }
}
