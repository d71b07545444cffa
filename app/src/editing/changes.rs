//! What became of changes: a change that worked is read again, closes its form, and is said.

use std::time::Duration;

use leptos::{html, prelude::*, server_fn::ServerFn};

use super::{OpenForm, draft, was_done};
use crate::{
    community::current::CommunityState,
    error::Failure,
    server_answers::if_server_answers,
    ui::{Notice, Tone, take_focus},
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
    /// was refused for is forgotten; that the server was away, when it is back.
    pub fn follow<F>(self, action: ServerAction<F>, said: &'static str, reread: impl Fn() + 'static)
    where
        F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
        F::Output: Send + Sync + 'static,
    {
        self.follow_saying(action, said, move |_| said, reread);
    }

    /// The same where what is said depends on the answer; `plain` is said where that is not known, without JavaScript.
    pub fn follow_saying<F>(
        self,
        action: ServerAction<F>,
        plain: &'static str,
        said: impl Fn(&F::Output) -> &'static str + 'static,
        reread: impl Fn() + 'static,
    ) where
        F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
        F::Output: Send + Sync + 'static,
    {
        if was_done::<F>() {
            self.said.set(Some(plain));
        }
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
                draft::forget(self.form);
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
        let Some(community) = use_context::<CommunityState>() else {
            return;
        };
        let revision = community.revision();
        Effect::watch(
            move || revision.get(),
            move |_, _, _| {
                let was_away =
                    value.with_untracked(|value| matches!(value, Some(Err(failure)) if failure.is_passing()));
                // In an open form it still says what became of what is typed there.
                if was_away && current.with_untracked(Option::is_none) {
                    if_server_answers(Callback::new(move |()| action.clear()));
                }
            },
            false,
        );
    }
}

/// What the latest change came to: in sight until it was read, or sent away. It takes the focus, which was on something that
/// mostly is gone by then, and keeps it when it is empty again: from there one goes on to what stands below.
#[component]
pub fn Said(changes: Changes) -> impl IntoView {
    let said = changes.said;
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |said_before: Option<bool>| {
        let says = said.get().is_some();
        if !says {
            return says;
        }
        // Not when the page came with it.
        if said_before.is_some() {
            take_focus(node);
        }
        let timer = set_timeout_with_handle(move || said.set(None), SHOWN_FOR);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
        says
    });
    let dismiss = move |_| {
        said.set(None);
        take_focus(node);
    };
    let notice = move || {
        said.get().map(|text| {
            view! {
                <Notice tone=Tone::Success>
                    {text}
                    <button type="button" class="said-dismiss" aria-label="Dismiss" on:click=dismiss>
                        "×"
                    </button>
                </Notice>
            }
        })
    };
    view! {
        <div class="said" role="status" tabindex="-1" node_ref=node>
            {notice}
        </div>
    }
}
