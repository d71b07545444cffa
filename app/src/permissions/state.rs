//! What the roles page reads and changes.

use leptos::prelude::*;
use model::permissions::PermissionsView;

use super::calls::{
    self, CreatePrivilege, CreateRole, DeletePrivilege, DeleteRole, RenamePrivilege, RenameRole, SetRolePrivileges,
};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, provide_refusal, use_open_form},
    reading::{Reading, reading},
};

/// The forms of the roles page, as the address names them.
pub mod forms {
    pub const NEW_PRIVILEGE: &str = "new-privilege";
    pub const RENAME_PRIVILEGE: &str = "rename-privilege";
    pub const DELETE_PRIVILEGE: &str = "delete-privilege";
    pub const NEW_ROLE: &str = "new-role";
    pub const RENAME_ROLE: &str = "rename-role";
    pub const DELETE_ROLE: &str = "delete-role";
    pub const ROLE_PRIVILEGES: &str = "role-privileges";
}

/// Roles and privileges of the community in context. At most one form is open.
#[derive(Clone, Copy)]
pub struct PermissionsState {
    pub community: Signal<String>,
    pub permissions: Reading<PermissionsView>,
    pub create_privilege: ServerAction<CreatePrivilege>,
    pub rename_privilege: ServerAction<RenamePrivilege>,
    pub delete_privilege: ServerAction<DeletePrivilege>,
    pub create_role: ServerAction<CreateRole>,
    pub rename_role: ServerAction<RenameRole>,
    pub delete_role: ServerAction<DeleteRole>,
    pub set_privileges: ServerAction<SetRolePrivileges>,
    pub form: OpenForm,
    pub changes: Changes,
}

impl PermissionsState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let permissions = reading(move || current.key(), |(slug, _)| calls::permissions(slug));
        let form = use_open_form();
        let changes = Changes::new(form);
        let state = Self {
            community,
            permissions,
            create_privilege: ServerAction::new(),
            rename_privilege: ServerAction::new(),
            delete_privilege: ServerAction::new(),
            create_role: ServerAction::new(),
            rename_role: ServerAction::new(),
            delete_role: ServerAction::new(),
            set_privileges: ServerAction::new(),
            form,
            changes,
        };
        let reread = move || permissions.refetch();
        changes.follow(
            state.create_privilege,
            "The privilege is made. Give it to a role to use it.",
            reread,
        );
        changes.follow(state.rename_privilege, "The privilege is renamed.", reread);
        changes.follow(state.delete_privilege, "The privilege is deleted.", reread);
        changes.follow(state.create_role, "The role is made. Choose its privileges.", reread);
        changes.follow(state.rename_role, "The role is renamed.", reread);
        changes.follow(state.delete_role, "The role is deleted.", reread);
        changes.follow(state.set_privileges, "The role's privileges are changed.", reread);
        provide_context(state);
        state
    }
}

pub fn use_permissions() -> PermissionsState {
    expect_context()
}
