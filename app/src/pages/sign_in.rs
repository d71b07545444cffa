//! `/sign-in`: signing in by e-mail.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    session::SignIn,
    ui::{Page, PageHeader},
};

#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    // As `subscription_catalog::calls::tier_path` writes it.
    let buys = next.starts_with("/c/") && next.contains("?tier=");
    let title = if buys { "Sign in to subscribe" } else { "Sign in" };
    view! {
        <Title text="Sign in" />
        <Page class="page page-narrow">
            <PageHeader title lead="We send you a code by e-mail. There is no password to remember." />
            <SignIn />
        </Page>
    }
}
