//! `/`: what this is, and the communities of the person looking.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{community::CommunityList, ui::PageHeader};

#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <Title text="" />
        <div class="page">
            <PageHeader
                title="Memberships for your community"
                lead="Open a community, connect your own Stripe account, and sell memberships that unlock what you make."
            />
            <CommunityList />
        </div>
    }
}
