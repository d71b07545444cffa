//! `/`: what this is, and the communities of the person looking.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    community::{CommunityList, CreateCommunity},
    session::use_session,
    ui::{ButtonLink, ButtonVariant, Page, PageHeader},
};

#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <Title text="" />
        <Page>
            <PageHeader
                title="Memberships for your community"
                lead="Open a community, connect your own Stripe account, and sell memberships that unlock what you make. The money goes straight to you."
            />
            <CommunityList />
            <CreateCommunity />
            <Entrance />
        </Page>
    }
}

/// For those who are signed out.
#[component]
fn Entrance() -> impl IntoView {
    let session = use_session();
    let content = move || {
        let signed_out = matches!(session.who.get()?, Ok(None));
        signed_out.then(|| {
            view! {
                <section class="card">
                    <h2>"Sign in to begin"</h2>
                    <p class="quiet">
                        "With your e-mail address you can join a community, or open one of your own. There is no password to remember."
                    </p>
                    <div class="actions">
                        <ButtonLink href="/sign-in" variant=ButtonVariant::Primary>
                            "Sign in with e-mail"
                        </ButtonLink>
                    </div>
                </section>
            }
        })
    };
    view! { <Transition>{content}</Transition> }
}
