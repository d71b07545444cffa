//! `/sign-in`: signing in by e-mail.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{session::SignIn, ui::PageHeader};

#[component]
pub fn SignInPage() -> impl IntoView {
    view! {
        <Title text="Sign in" />
        <div class="page page-narrow">
            <PageHeader title="Sign in" lead="We send you a code by e-mail. There is no password to remember." />
            <SignIn />
        </div>
    }
}
