//! The question before something is taken away: a dialog whose answer is a form.

use leptos::prelude::*;

use super::OpenForm;
use crate::ui::Dialog;

#[derive(Clone, Copy)]
struct InQuestion;

/// Whether this is drawn inside of a question, where the last button is the one that does it.
pub(super) fn is_in_question() -> bool {
    use_context::<InQuestion>().is_some()
}

/// `<Question form title="Archive this plan?"><p>…</p><ActionForm …>…</ActionForm></Question>`, drawn when its form is
/// open. Closing the dialog closes the form; without JavaScript it is open in the page, where it stands.
#[component]
pub fn Question(form: OpenForm, #[prop(into)] title: String, children: Children) -> impl IntoView {
    provide_context(InQuestion);
    let open = RwSignal::new(true);
    Effect::new(move || {
        if !open.get() {
            form.close();
        }
    });
    view! {
        <Dialog open title attr:open=cfg!(feature = "ssr")>
            <div class="dialog-text">{children()}</div>
        </Dialog>
    }
}
