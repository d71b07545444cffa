//! One post: the whole of it, or its teaser, the lock, and what opens it. It opens by itself when the role arrives.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{
    id::PostId,
    post::{OpeningTier, PostBody, PostView as Post},
};

use super::calls::post;
use crate::{
    community::current::{CommunityState, use_community},
    description::describe,
    error::Failure,
    loaded_live::LoadedLive,
    reading::reading,
    session::sign_in_path,
    ui::{ButtonLink, ButtonVariant, Day, Locked},
};

/// The post that the address names.
#[component]
pub fn PostView() -> impl IntoView {
    let community = use_community();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let loaded = reading(
        move || (community.key(), id.get()),
        |((slug, _), id)| async move {
            let id = id.parse::<PostId>().map_err(Failure::from)?;
            post(slug, id).await
        },
    );
    view! {
        <LoadedLive resource=loaded label="Loading the post" lines=6 let:post>
            <Page community post />
        </LoadedLive>
    }
}

#[component]
fn Page(community: CommunityState, post: Post) -> impl IntoView {
    let home = move || ["/c/", &community.slug.get()].concat();
    let body = match post.body {
        // Sanitised on the server, where it is made from Markdown.
        PostBody::Open { html } => view! { <div class="prose" dir="auto" inner_html=html></div> }.into_any(),
        PostBody::Locked {
            privilege,
            tiers,
            signed_in,
        } => {
            let teaser =
                (!post.teaser.is_empty()).then(|| view! { <p class="lead" dir="auto">{post.teaser.clone()}</p> });
            view! {
                {teaser}
                <Lock community post=post.id privilege tiers signed_in />
            }
            .into_any()
        }
    };
    describe(&post.teaser);
    view! {
        <Title text=community.titled(&post.title) />
        <article class="stack">
            <header class="stack-tight">
                <p class="small">
                    <a href=home>"All posts"</a>
                </p>
                <h1 dir="auto">{post.title}</h1>
                <p class="small quiet">
                    <Day at=post.published_at />
                </p>
            </header>
            {body}
        </article>
    }
}

#[component]
fn Lock(
    community: CommunityState,
    post: PostId,
    privilege: String,
    tiers: Vec<OpeningTier>,
    signed_in: bool,
) -> impl IntoView {
    let slug = community.slug;
    let sells = !tiers.is_empty();
    let explanation = if sells {
        "It opens with any of these memberships:"
    } else {
        "No membership on sale opens it at the moment. The community's merchant can give you a role that does."
    };
    let tiers = tiers
        .into_iter()
        .map(|OpeningTier { plan_label, tier_label }| {
            view! {
                <li>
                    <strong>{tier_label}</strong>
                    <span class="quiet">{[" in ", &plan_label].concat()}</span>
                </li>
            }
        })
        .collect_view();
    let memberships = move || ["/c/", &slug.get(), "#memberships"].concat();
    let post = post.to_string();
    let sign_in = move || sign_in_path(&["/c/", &slug.get(), "/posts/", &post].concat());
    let see = sells.then(|| {
        view! {
            <ButtonLink href=Signal::derive(memberships) variant=ButtonVariant::Primary>
                "See memberships"
            </ButtonLink>
        }
    });
    let sign_in =
        (!signed_in).then(|| view! { <ButtonLink href=Signal::derive(sign_in)>"Sign in if you have one"</ButtonLink> });
    view! {
        <Locked title="This post is locked">
            <p>{["It is for those who hold the privilege “", &privilege, "”. ", explanation].concat()}</p>
            {sells.then(|| view! { <ul class="opening-tiers">{tiers}</ul> })}
            <div class="actions">{see} {sign_in}</div>
        </Locked>
    }
}
