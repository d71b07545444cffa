//! Said at the top of pages that need Stripe, while it does not answer.

use leptos::prelude::*;

use crate::ui::{Notice, Tone};

/// `<StripeIsSilent silent=view.stripe_is_silent>"What you see may be a little old."</StripeIsSilent>`
#[component]
pub fn StripeIsSilent(silent: bool, children: Children) -> impl IntoView {
    silent.then(|| {
        view! {
            <Notice tone=Tone::Warning title="Stripe does not answer at the moment">
                {children()}
            </Notice>
        }
    })
}
