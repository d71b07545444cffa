//! `/platform`: for those who run it.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{platform::PlatformQueue, ui::PageHeader};

#[component]
pub fn PlatformPage() -> impl IntoView {
    view! {
        <Title text="Platform" />
        <div class="page">
            <PageHeader title="Platform" lead="What the store works on behind its pages, and what of it needs you." />
            <PlatformQueue />
        </div>
    }
}
