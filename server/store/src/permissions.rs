//! Roles, privileges, members and gifts.
//!
//! Policy: a permission manager makes and changes roles and privileges; a member viewer sees who holds what; a freebie
//! giver gives roles away and takes gifts back. Nobody gives away the owner's role or built-in privileges they lack.

use model::{
    Problem,
    grant::GrantSource,
    id::{PrivilegeId, RoleId, SubscriptionId},
    permissions::{PermissionsView, PrivilegeView, RoleKind, RoleView},
};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};

use crate::{
    Store,
    actor::{Community, PermissionManager},
    entity::{Scoped, grant, privilege, role, role_privilege},
    error::{Error, Result},
    fingerprint,
};

mod members;
mod owing;
mod privileges;
mod roles;

/// The service; made by [`Store::permissions`].
pub struct Permissions<'a>(pub(crate) &'a Store);

impl Permissions<'_> {
    /// # Errors
    /// When the database cannot be asked.
    pub async fn view(&self, manager: &PermissionManager) -> Result<PermissionsView> {
        let privileges = privilege::Entity::within(manager.community.id)
            .order_by_desc(privilege::Column::BuiltIn)
            .order_by_asc(privilege::Column::CreatedAt)
            .all(self.0.database().read())
            .await?;
        Ok(PermissionsView {
            privileges: privileges
                .into_iter()
                .map(|row| PrivilegeView {
                    yours: roles::built_in(&row).is_none_or(|privilege| manager.holds.contains(&privilege)),
                    id: PrivilegeId(row.id),
                    shown: fingerprint::of([&*row.label]),
                    label: row.label,
                    built_in: row.built_in,
                })
                .collect(),
            roles: self.roles(&manager.community).await?,
        })
    }

    async fn roles(&self, community: &Community) -> Result<Vec<RoleView>> {
        let read = self.0.database().read();
        let roles = role::Entity::within(community.id)
            .order_by_asc(role::Column::CreatedAt)
            .all(read)
            .await?;
        let carried = role_privilege::Entity::within(community.id).all(read).await?;
        let mut views = Vec::new();
        for row in roles {
            let kind = RoleKind::parse(&row.kind)
                .ok_or_else(|| Error::inconsistent(format!("role {}: kind {}", row.id, row.kind)))?;
            let carried = carried.iter().filter(|carried| carried.role_id == row.id);
            let privileges: Vec<PrivilegeId> = carried.map(|carried| PrivilegeId(carried.privilege_id)).collect();
            views.push(RoleView {
                id: RoleId(row.id),
                shown: fingerprint::of([&*row.label]),
                privileges_shown: fingerprint::of_ids(privileges.iter().map(|id| id.0)),
                label: row.label,
                kind,
                privileges,
            });
        }
        Ok(views)
    }
}

/// A grant's source as the model has it.
pub(crate) fn source_of(row: &grant::Model) -> Result<GrantSource> {
    match (row.source.as_str(), row.subscription_id) {
        ("subscription", Some(id)) => Ok(GrantSource::Subscription(SubscriptionId(id))),
        ("gift", None) => Ok(GrantSource::Gift),
        ("owner", None) => Ok(GrantSource::Owner),
        _ => Err(Error::inconsistent(format!("grant {}: source {}", row.id, row.source))),
    }
}

async fn find_role(db: &impl ConnectionTrait, community: &Community, id: RoleId) -> Result<role::Model> {
    let row = role::Entity::within(community.id)
        .filter(role::Column::Id.eq(id.0))
        .one(db)
        .await?;
    row.ok_or_else(|| Problem::not_found("role").into())
}
