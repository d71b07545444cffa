//! `/c/{slug}`: the frame around all of a community's pages, and its home with the catalog.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_params_map};
use model::community::CommunityView;

use crate::{
    community::current::{CommunityState, use_community},
    description::describe,
    loaded_live::{LoadedLive, latest, unchanging},
    posts::PostList,
    session::sign_in_path,
    subscription_catalog::StoreSubscriptionCatalog,
    ui::{
        Badge, Button, ButtonLink, ButtonVariant, CommunityBar, Failed, FormFailure, Loading, Page, PageHeader, Tone,
        failure_of, sign_in_and_back,
    },
};

/// The community's bar above each of its pages; in their place, what is wrong when there is no such community.
#[component]
pub fn CommunityLayout() -> impl IntoView {
    let state = CommunityState::provide(use_slug());
    let content = move || {
        let latest = latest(state.view);
        let found = unchanging(move |_| latest.get().map(|result| result.map(drop)));
        move || {
            found.get().map(|found| match found {
                Ok(()) => view! {
                    <Bar />
                    <SignedOut />
                    <Outlet />
                }
                .into_any(),
                Err(failure) => {
                    let on_retry = Callback::new(move |()| state.touch());
                    view! {
                        <Page class="page page-narrow">
                            <Failed failure on_retry />
                        </Page>
                    }
                    .into_any()
                }
            })
        }
    };
    view! {
        <Transition fallback=|| {
            view! {
                <Page>
                    <Loading label="Loading the community" />
                </Page>
            }
        }>{content()}</Transition>
    }
}

#[component]
fn Bar() -> impl IntoView {
    let state = use_community();
    view! {
        <LoadedLive resource=state.view lines=1 let:community>
            <CommunityBar name=community.name slug=community.slug.to_string() manages=community.may.anything() />
        </LoadedLive>
    }
}

/// Nothing is read any more then, and what is shown below stays as it is.
#[component]
fn SignedOut() -> impl IntoView {
    let signed_out = use_community().signed_out;
    move || {
        signed_out.get().then(|| {
            // All of the page is loaded anew: it still thinks that somebody is signed in.
            view! {
                <p class="notice notice-danger signed-out" role="alert">
                    "You are signed out."
                    <a href=sign_in_and_back() rel="external">
                        "Sign in again"
                    </a>
                </p>
            }
        })
    }
}

#[component]
pub fn CommunityPage() -> impl IntoView {
    let state = use_community();
    view! {
        <Page>
            <LoadedLive resource=state.view label="Loading the community" lines=2 let:community>
                <Head community />
            </LoadedLive>
            <section class="stack" id="memberships" aria-labelledby="memberships-title">
                <h2 id="memberships-title">"Memberships"</h2>
                <StoreSubscriptionCatalog />
            </section>
            <section class="stack" aria-labelledby="posts-title">
                <h2 id="posts-title">"Posts"</h2>
                <PostList />
            </section>
        </Page>
    }
}

#[component]
fn Head(community: CommunityView) -> impl IntoView {
    describe(&community.description);
    view! {
        <Title text=community.name.clone() />
        <PageHeader title=community.name.clone() lead=some_text(&community.description)>
            <Standing community />
        </PageHeader>
    }
}

/// Whether the person looking belongs here, and the way to.
#[component]
fn Standing(community: CommunityView) -> impl IntoView {
    let state = use_community();
    let failure = failure_of(state.join);
    let slug = community.slug.to_string();
    if community.joined {
        view! {
            <span class="row">
                <Badge tone=Tone::Success>{if community.is_owner { "Yours" } else { "Joined" }}</Badge>
            </span>
        }
        .into_any()
    } else if community.signed_in {
        view! {
            <ActionForm action=state.join>
                <input type="hidden" name="community" value=slug />
                <Button variant=ButtonVariant::Primary submit=true pending=state.join.pending()>
                    "Join this community"
                </Button>
                <FormFailure failure />
            </ActionForm>
        }
        .into_any()
    } else {
        let back = ["/c/", &slug].concat();
        view! { <ButtonLink href=sign_in_path(&back)>"Sign in to join"</ButtonLink> }.into_any()
    }
}

/// The slug in the address.
pub fn use_slug() -> Signal<String> {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    slug.into()
}

fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
