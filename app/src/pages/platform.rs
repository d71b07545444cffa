//! `/platform`: for those who run it.

use leptos::prelude::*;

use crate::{platform::PlatformQueue, ui::Page};

#[component]
pub fn PlatformPage() -> impl IntoView {
    view! {
        <Page>
            <PlatformQueue />
        </Page>
    }
}
