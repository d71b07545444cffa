//! The communities of this server: yours first.

use leptos::prelude::*;
use model::community::{CommunityListing, Home};

use super::calls;
use crate::{
    reading::reading,
    ui::{Badge, EmptyState, Loaded, Tone},
};

/// Every community, yours and the others, each with the way to it.
#[component]
pub fn CommunityList() -> impl IntoView {
    let home = reading(|| (), |()| calls::home());
    view! {
        <Loaded resource=home label="Loading communities" let:home>
            <Communities home />
        </Loaded>
    }
}

#[component]
fn Communities(home: Home) -> impl IntoView {
    if home.yours.is_empty() && home.others.is_empty() {
        return view! {
            <EmptyState
                title="No communities yet"
                text="Open the first one: it takes a name and an address. Connecting Stripe comes after that."
            />
        }
        .into_any();
    }
    let others_title = if home.yours.is_empty() {
        "Communities"
    } else {
        "Other communities"
    };
    view! {
        <CommunityGroup title="Your communities" communities=home.yours />
        <CommunityGroup title=others_title communities=home.others />
    }
    .into_any()
}

#[component]
fn CommunityGroup(title: &'static str, communities: Vec<CommunityListing>) -> impl IntoView {
    (!communities.is_empty()).then(|| {
        let listed = communities
            .into_iter()
            .map(|community| view! { <CommunityCard community /> })
            .collect_view();
        view! {
            <section class="stack">
                <h2>{title}</h2>
                <ul class="grid community-grid">{listed}</ul>
            </section>
        }
    })
}

#[component]
fn CommunityCard(community: CommunityListing) -> impl IntoView {
    let home = format!("/c/{}", community.slug);
    let manage = community.manages.then(|| format!("{home}/manage"));
    view! {
        <li class="card">
            <div class="row row-between">
                <h3>
                    <a href=home.clone() dir="auto">{community.name.clone()}</a>
                </h3>
                {manage.is_some().then(|| view! { <Badge tone=Tone::Info>"you manage"</Badge> })}
            </div>
            {(!community.description.is_empty()).then(|| view! { <p class="quiet" dir="auto">{community.description}</p> })}
            <p class="row small">
                <span class="quiet">{home.clone()}</span>
                {manage
                    .map(|manage| {
                        view! { <a href=manage aria-label=format!("Manage {}", community.name)>"Manage"</a> }
                    })}
            </p>
        </li>
    }
}
