//! `/c/{slug}/membership`: what the customer holds here, and the way to Stripe's customer portal.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    community::current::use_community,
    customer_portal::StoreCustomerPortal,
    membership::Membership,
    ui::{Page, PageHeader},
};

#[component]
pub fn MembershipPage() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Membership") />
        <Page class="page page-membership">
            <PageHeader title="Your membership" lead="What you hold in this community, and how it is paid." />
            <Membership />
            <StoreCustomerPortal />
        </Page>
    }
}
