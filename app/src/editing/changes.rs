//! What became of changes: a change that worked is read again, closes its form, and is said.

use std::time::Duration;

use leptos::{prelude::*, server_fn::ServerFn};

use super::OpenForm;
use crate::{
    error::Failure,
    ui::{Notice, Tone},
};

/// Long enough to read a sentence twice.
const SHOWN_FOR: Duration = Duration::from_secs(10);

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
        self.follow_saying(action, move |_| said, reread);
    }

    /// The same where what is said depends on the answer.
    pub fn follow_saying<F>(
        self,
        action: ServerAction<F>,
        said: impl Fn(&F::Output) -> &'static str + 'static,
        reread: impl Fn() + 'static,
    ) where
        F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
        F::Output: Send + Sync + 'static,
    {
        let value = action.value();
        let outcome = move || {
            value.with(|value| match value {
                Some(Ok(answer)) => Some(Some(said(answer))),
                Some(Err(_)) => Some(None),
                None => None,
            })
        };
        Effect::new(move || match outcome() {
            Some(Some(text)) => {
                self.form.close();
                self.said.set(Some(text));
                reread();
            }
            // An earlier success beside it would contradict it.
            Some(None) => self.said.set(None),
            None => {}
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

/// What the latest change came to: in sight until it was read, or sent away.
#[component]
pub fn Said(changes: Changes) -> impl IntoView {
    let said = changes.said;
    Effect::new(move || {
        if said.get().is_none() {
            return;
        }
        let timer = set_timeout_with_handle(move || said.set(None), SHOWN_FOR);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let notice = move || {
        said.get().map(|text| {
            view! {
                <Notice tone=Tone::Success>
                    {text}
                    <button type="button" class="said-dismiss" aria-label="Dismiss" on:click=move |_| said.set(None)>
                        "×"
                    </button>
                </Notice>
            }
        })
    };
    view! {
        <div class="said" role="status">
            {notice}
        </div>
    }
}
