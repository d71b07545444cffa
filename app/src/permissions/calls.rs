//! Server functions of roles, privileges and members: adapters of `store::permissions`.

use leptos::prelude::*;
use model::{
    fingerprint::Fingerprint,
    id::{GrantId, PrivilegeId, RoleId, UserId},
    permissions::{MembersView, PermissionsView},
};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

#[server]
pub async fn permissions(community: String) -> Result<PermissionsView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.permissions().view(&visitor.permission_manager()?).await?)
}

#[server]
pub async fn create_privilege(community: String, privilege_label: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .create_privilege(&visitor.permission_manager()?, &privilege_label)
        .await?)
}

#[server]
pub async fn rename_privilege(
    community: String,
    privilege: PrivilegeId,
    shown: Fingerprint,
    privilege_label: String,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .rename_privilege(&visitor.permission_manager()?, privilege, &shown, &privilege_label)
        .await?)
}

#[server]
pub async fn delete_privilege(community: String, privilege: PrivilegeId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .delete_privilege(&visitor.permission_manager()?, privilege)
        .await?)
}

#[server]
pub async fn create_role(community: String, role_label: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .create_role(&visitor.permission_manager()?, &role_label)
        .await?)
}

#[server]
pub async fn rename_role(
    community: String,
    role: RoleId,
    shown: Fingerprint,
    role_label: String,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .rename_role(&visitor.permission_manager()?, role, &shown, &role_label)
        .await?)
}

#[server]
pub async fn delete_role(community: String, role: RoleId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .delete_role(&visitor.permission_manager()?, role)
        .await?)
}

/// Form field: `privileges[]`, once for each.
#[server]
pub async fn set_role_privileges(
    community: String,
    role: RoleId,
    shown: Fingerprint,
    #[server(default)] privileges: Vec<PrivilegeId>,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .set_role_privileges(&visitor.permission_manager()?, role, &shown, &privileges)
        .await?)
}

/// A page of 50 members, the newest first; `page` counts from 0.
#[server]
pub async fn members(community: String, #[server(default)] page: u64) -> Result<MembersView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.permissions().members(&visitor.member_viewer()?, page).await?)
}

/// Gives a role as a gift for `days` (empty: until taken back).
#[server]
pub async fn give_role(
    community: String,
    user: UserId,
    role: RoleId,
    #[server(default)] days: String,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .permissions()
        .give_role(&visitor.freebie_giver()?, user, role, &days)
        .await?)
}

/// Takes a gift back.
#[server]
pub async fn take_back(community: String, grant: GrantId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.permissions().take_back(&visitor.freebie_giver()?, grant).await?)
}
