//! `/c/{slug}/membership`: what the customer holds here, and the way to Stripe's customer portal.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{customer_portal::StoreCustomerPortal, ui::PageHeader};

#[component]
pub fn MembershipPage() -> impl IntoView {
    view! {
        <Title text="Membership" />
        <div class="page">
            <PageHeader title="Your membership" lead="What you hold in this community, and how it is paid." />
            <StoreCustomerPortal />
        </div>
    }
}
