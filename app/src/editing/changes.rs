//! What became of changes: a change that worked is read again, closes its form, and is said.

use leptos::{prelude::*, server_fn::ServerFn};

use super::OpenForm;
use crate::{
    error::Failure,
    ui::{Notice, Tone},
};

/// The changes of one feature; a handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct Changes {
    form: OpenForm,
    said: RwSignal<Option<&'static str>>,
}

impl Changes {
    pub fn new(form: OpenForm) -> Self {
        Self {
            form,
            said: RwSignal::new(None),
        }
    }

    /// When `action` works, its form closes, `said` is shown and `reread` runs. When another form opens, what `action`
    /// was refused for is forgotten.
    pub fn follow<F>(self, action: ServerAction<F>, said: &'static str, reread: impl Fn() + 'static)
    where
        F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
        F::Output: Send + Sync + 'static,
    {
        let value = action.value();
        Effect::new(move || {
            if value.with(|value| matches!(value, Some(Ok(_)))) {
                self.form.close();
                self.said.set(Some(said));
                reread();
            }
        });
        let pending = action.pending();
        Effect::new(move || {
            if pending.get() {
                self.said.set(None);
            }
        });
        let current = self.form.current();
        Effect::watch(
            move || current.get(),
            move |now, _, _| {
                // Opening, not closing: a refusal is read in the form it is about.
                if now.is_some() {
                    action.clear();
                    self.said.set(None);
                }
            },
            false,
        );
    }
}

/// What the latest change came to, kept in sight while the feature is.
#[component]
pub fn Said(changes: Changes) -> impl IntoView {
    view! {
        <div class="said" role="status">
            {move || changes.said.get().map(|said| view! { <Notice tone=Tone::Success>{said}</Notice> })}
        </div>
    }
}
