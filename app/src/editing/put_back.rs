//! Says that a form shows what was typed earlier, with a way back.

use leptos::prelude::*;

use super::draft::Draft;
use crate::ui::{Button, Notice};

#[component]
pub fn PutBack(draft: Draft) -> impl IntoView {
    move || {
        draft.is_put_back().get().then(|| {
            view! {
                <Notice>
                    "What you typed here before is back."
                    <div class="actions">
                        <Button on_click=Callback::new(move |_| draft.start_over())>"Start over"</Button>
                    </div>
                </Notice>
            }
        })
    }
}
