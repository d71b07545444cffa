//! Roles and privileges of a community.

use leptos::prelude::*;
use model::permissions::{PermissionsView, RoleKind};

use super::{
    new_role::NewRole,
    privilege_list::PrivilegeList,
    role_card::RoleCard,
    state::{PermissionsState, forms, use_permissions},
};
use crate::{
    editing::{LoadedUnlessEditing, OpenLink, Said},
    ui::ButtonVariant,
};

/// Every role with what it carries, and every privilege there is.
#[component]
pub fn RoleEditor() -> impl IntoView {
    let state = PermissionsState::provide();
    view! {
        <Said changes=state.changes />
        <LoadedUnlessEditing
            resource=state.permissions
            editing=state.form.is_any_open()
            label="Loading roles and privileges"
            lines=8
            let:permissions
        >
            <Permissions permissions />
        </LoadedUnlessEditing>
    }
}

#[component]
fn Permissions(permissions: PermissionsView) -> impl IntoView {
    let state = use_permissions();
    let mut roles = permissions.roles;
    let privileges = StoredValue::new(permissions.privileges);
    roles.sort_by_key(|role| order(role.kind));
    let cards = roles
        .into_iter()
        .map(|role| view! { <RoleCard privileges role /> })
        .collect_view();
    let making = state.form.is_open(forms::NEW_ROLE, "");
    let top = move || {
        if making.get() {
            view! { <NewRole /> }.into_any()
        } else {
            view! {
                <div class="row row-between">
                    <h2>"Roles"</h2>
                    <OpenLink form=state.form name=forms::NEW_ROLE variant=ButtonVariant::Primary>
                        "New role"
                    </OpenLink>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <section class="stack" aria-label="Roles">
            {top} <ul class="grid role-grid">{cards}</ul>
        </section>
        <PrivilegeList privileges />
    }
}

/// Those made by hand first: they are what one comes here to change.
const fn order(kind: RoleKind) -> u8 {
    match kind {
        RoleKind::Custom => 0,
        RoleKind::Tier => 1,
        RoleKind::Member => 2,
        RoleKind::Visitor => 3,
        RoleKind::Owner => 4,
    }
}
