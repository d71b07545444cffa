//! What has to be done at Stripe before plans can be made or sold.

use leptos::prelude::*;
use model::account::AccountStatus;

use crate::ui::{ButtonLink, ButtonVariant, EmptyState, Notice, Tone};

/// In place of the plans, while no account is connected.
#[component]
pub fn ConnectFirst(community: Signal<String>) -> impl IntoView {
    view! {
        <EmptyState
            title="Connect Stripe first"
            text="Plans and tiers live on your own Stripe account, and the money goes there. Connecting it takes a few minutes."
        >
            <ButtonLink href=store_page(community) variant=ButtonVariant::Primary>
                "Go to the store page"
            </ButtonLink>
        </EmptyState>
    }
}

/// Above the plans, while they cannot be bought.
#[component]
pub fn NotForSaleYet(community: Signal<String>, status: AccountStatus) -> impl IntoView {
    (!status.is_open()).then(|| {
        view! {
            <Notice tone=Tone::Warning title="Nobody can subscribe right now".to_owned()>
                {status.explanation()} " "
                <a href=store_page(community)>"Go to the store page"</a>
            </Notice>
        }
    })
}

fn store_page(community: Signal<String>) -> Signal<String> {
    Signal::derive(move || ["/c/", &community.get(), "/manage/store"].concat())
}
