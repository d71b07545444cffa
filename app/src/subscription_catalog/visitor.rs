//! The catalog of somebody who is not signed in.

use std::sync::Arc;

use leptos::prelude::*;
use model::catalog::TierAction;

use super::{
    calls::tier_path,
    plans::{Drawing, Offer, Plans},
};
use crate::{
    community::current::use_community,
    session::sign_in_path,
    ui::{ButtonLink, ButtonVariant},
};

#[component]
pub fn VisitorCatalog() -> impl IntoView {
    let slug = use_community().slug;
    let button = move |Offer { tier, price, .. }: Offer| match price.action {
        TierAction::SignIn => {
            let path = tier_path(&slug.get_untracked(), tier.id, price.interval);
            view! {
                <ButtonLink href=sign_in_path(&path) variant=ButtonVariant::Primary>
                    "Subscribe" <span class="visually-hidden">{[" to ", &tier.label].concat()}</span>
                </ButtonLink>
            }
            .into_any()
        }
        // The rest is for customers; a page that learns of signing in or out is drawn anew.
        _ => view! { <NotAvailable /> }.into_any(),
    };
    let drawing = Drawing {
        button: Arc::new(button),
        yours: |_| ().into_any(),
    };
    view! { <Plans drawing /> }
}

#[component]
pub fn NotAvailable() -> impl IntoView {
    view! { <p class="small quiet">"Not available right now."</p> }
}
