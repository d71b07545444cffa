//! Who is in a community, and which roles they hold.

use leptos::prelude::*;
use model::permissions::MembersView;

use super::{
    member_row::MemberRow,
    members_state::{MembersState, use_members},
    owing::OwingList,
    pages_of_members::PagesOfMembers,
};
use crate::{
    editing::{LoadedUnlessEditing, Said},
    ui::{ButtonLink, Card, EmptyState},
};

/// A page of members with their roles; roles can be given as gifts and taken back.
#[component]
pub fn MemberList() -> impl IntoView {
    let state = MembersState::provide();
    view! {
        <Said changes=state.changes />
        <LoadedUnlessEditing
            resource=state.members
            editing=state.form.is_any_open()
            label="Loading members"
            lines=8
            let:members
        >
            <Members members />
        </LoadedUnlessEditing>
    }
}

#[component]
fn Members(members: MembersView) -> impl IntoView {
    let state = use_members();
    let community_page = Signal::derive(move || ["/c/", &state.community.get()].concat());
    let total = members.total;
    if total == 0 {
        return view! {
            <EmptyState
                title="No members yet"
                text="People join by a button on the community's page, or with their first purchase. Send them there."
            >
                <ButtonLink href=community_page>"Go to the community's page"</ButtonLink>
            </EmptyState>
        }
        .into_any();
    }
    let view = StoredValue::new(members);
    let rows = view
        .with_value(|view| view.members.clone())
        .into_iter()
        .map(|member| view! { <MemberRow view member /> })
        .collect_view();
    let owing = view.with_value(|view| view.owing.clone());
    view! {
        <OwingList owing />
        <Card>
            <p class="quiet">{if total == 1 { "1 member".to_owned() } else { format!("{total} members") }}</p>
            <ul class="list">{rows}</ul>
            <PagesOfMembers page=state.page total />
        </Card>
    }
    .into_any()
}
