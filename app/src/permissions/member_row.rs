//! One member, and each role they hold: why, and for how long.

use leptos::prelude::*;
use model::{
    grant::GrantSource,
    permissions::{GrantView, MemberView, MembersView},
};

use super::{
    gift::{GiveRoleForm, TakeBackQuestion},
    members_state::{forms, use_members},
};
use crate::{
    editing::OpenLink,
    ui::{Badge, ButtonVariant, Day, Tone},
};

#[component]
pub fn MemberRow(view: StoredValue<MembersView>, member: MemberView) -> impl IntoView {
    let state = use_members();
    let MemberView {
        user,
        email,
        joined_at,
        grants,
    } = member;
    let may_give = view.with_value(|view| view.may_give && !view.giveable.is_empty());
    let giving = state.form.is_open(forms::GIVE, user);
    let email = StoredValue::new(email);
    let give = email.with_value(|email| format!("Give a role to {email}"));
    let held = grants
        .into_iter()
        .map(|grant| view! { <Held view email grant /> })
        .collect_view();
    view! {
        <li class="member">
            <div class="row row-between">
                <div>
                    <strong class="breakable">{email.get_value()}</strong>
                    <p class="small quiet">"Joined " <Day at=joined_at /></p>
                </div>
                {may_give
                    .then(|| {
                        view! {
                            <OpenLink
                                form=state.form
                                name=forms::GIVE
                                id=user.to_string()
                                variant=ButtonVariant::Quiet
                                label=give
                            >
                                "Give a role"
                            </OpenLink>
                        }
                    })}
            </div>
            <ul class="grants">{held}</ul>
            {move || giving.get().then(|| view! { <GiveRoleForm view user email /> })}
        </li>
    }
}

/// A grant; gifts can be taken back.
#[component]
fn Held(view: StoredValue<MembersView>, email: StoredValue<String>, grant: GrantView) -> impl IntoView {
    let state = use_members();
    let (tone, source) = match grant.source {
        GrantSource::Subscription(_) => (Tone::Success, "subscription"),
        GrantSource::Gift => (Tone::Info, "gift"),
        GrantSource::Owner => (Tone::Neutral, "owner"),
    };
    let window = match grant.ends_at {
        Some(ends_at) => view! {
            <span class="small quiet">
                <Day at=grant.starts_at />
                " to "
                <Day at=ends_at />
            </span>
        }
        .into_any(),
        None => view! {
            <span class="small quiet">"since " <Day at=grant.starts_at /> ", without an end"</span>
        }
        .into_any(),
    };
    // Whoever may not give it may not take it either.
    let may_take_back = grant.source == GrantSource::Gift
        && view.with_value(|view| view.may_give && view.giveable.iter().any(|role| role.id == grant.role));
    let asking = state.form.is_open(forms::TAKE_BACK, grant.id);
    let label = email.with_value(|email| format!("Take {} back from {email}", grant.role_label));
    let id = grant.id;
    let role_label = StoredValue::new(grant.role_label);
    view! {
        <li class="row">
            <span>{role_label.get_value()}</span>
            <Badge tone>{source}</Badge>
            {window}
            {may_take_back
                .then(|| {
                    view! {
                        <OpenLink
                            form=state.form
                            name=forms::TAKE_BACK
                            id=id.to_string()
                            variant=ButtonVariant::Quiet
                            label
                        >
                            "Take back"
                        </OpenLink>
                    }
                })}
            {move || {
                (may_take_back && asking.get()).then(|| view! { <TakeBackQuestion grant=id role_label email /> })
            }}
        </li>
    }
}
