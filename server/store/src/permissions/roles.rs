//! Roles: made, renamed, deleted, and what they carry, by a permission manager.

use std::collections::{HashMap, HashSet};

use model::{
    Problem, Refusal,
    fingerprint::Fingerprint,
    id::{PrivilegeId, RoleId},
    label,
    permissions::RoleKind,
    privilege::BuiltInPrivilege,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, IntoActiveModel, PaginatorTrait, QueryFilter,
    Set,
};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Community, PermissionManager},
    entity::{Scoped, grant, privilege, role, role_privilege},
    error::{Error, Result},
    fingerprint,
};

use super::{Permissions, find_role};

impl Permissions<'_> {
    /// # Errors
    /// `Problem::Invalid` on `role_label`, also when there is one of that name.
    pub async fn create_role(&self, manager: &PermissionManager, text: &str) -> Result<()> {
        let now = self.0.now();
        let label = label::parse("role_label", text)?;
        let transaction = self.0.database().begin().await?;
        free_role_label(&transaction, &manager.community, &label).await?;
        let row = role::Model {
            id: self.0.randomness().id(now),
            community_id: manager.community.id.0,
            label,
            kind: RoleKind::Custom.as_str().to_owned(),
            created_at: now,
        };
        row.into_active_model().insert(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn` (a tier's role is renamed with its tier); `Problem::Invalid` on `role_label`;
    /// `Problem::EditedMeanwhile`.
    pub async fn rename_role(
        &self,
        manager: &PermissionManager,
        id: RoleId,
        shown: &Fingerprint,
        text: &str,
    ) -> Result<()> {
        let label = label::parse("role_label", text)?;
        let transaction = self.0.database().begin().await?;
        self.0.database().serialise(&transaction, &id.to_string()).await?;
        let row = find_role(&transaction, &manager.community, id).await?;
        if row.kind != RoleKind::Custom.as_str() {
            return Err(Refusal::BuiltIn.into());
        }
        fingerprint::check(shown, fingerprint::of([&*row.label]), &fingerprint::of([&*label]))?;
        if !label::is_same(&row.label, &label) {
            free_role_label(&transaction, &manager.community, &label).await?;
        }
        let mut row = row.into_active_model();
        row.label = Set(label);
        row.update(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn` (a tier's role stays with its tier), `Refusal::RoleHeld`.
    pub async fn delete_role(&self, manager: &PermissionManager, id: RoleId) -> Result<()> {
        let community = &manager.community;
        let transaction = self.0.database().begin().await?;
        let row = find_role(&transaction, community, id).await?;
        if row.kind != RoleKind::Custom.as_str() {
            return Err(Refusal::BuiltIn.into());
        }
        let held = grant::Entity::within(community.id)
            .filter(grant::Column::RoleId.eq(id.0))
            .count(&transaction)
            .await?;
        if held > 0 {
            return Err(Refusal::RoleHeld.into());
        }
        let carried = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::RoleId.eq(id.0))
            .all(&transaction)
            .await?;
        for row in carried {
            row.into_active_model().delete(&transaction).await?;
        }
        let label = row.label.clone();
        row.into_active_model().delete(&transaction).await?;
        let user = Some(manager.user.user);
        self.0
            .audit(&transaction, community.id, user, "role deleted", &label)
            .await?;
        transaction.commit().await?;
        self.0.live().tell(community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound` for the role or a privilege; `Refusal::BuiltIn` for the owner's role; `Problem::NotAllowed` for
    /// adding or taking away a built-in privilege that the manager lacks; `Problem::EditedMeanwhile`.
    pub async fn set_role_privileges(
        &self,
        manager: &PermissionManager,
        id: RoleId,
        shown: &Fingerprint,
        privileges: &[PrivilegeId],
    ) -> Result<()> {
        let transaction = self.0.database().begin().await?;
        let row = find_role(&transaction, &manager.community, id).await?;
        if row.kind == RoleKind::Owner.as_str() {
            return Err(Refusal::BuiltIn.into());
        }
        self.0
            .set_role_privileges(&transaction, &manager.community, id, shown, privileges, &manager.holds)
            .await?;
        let (community, user) = (manager.community.id, Some(manager.user.user));
        self.0
            .audit(&transaction, community, user, "role changed", &row.label)
            .await?;
        transaction.commit().await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }
}

impl Store {
    /// Replaces what a role carries, if that is what was `shown`. `holds`: the built-in privileges that the caller may hand
    /// out and take away; none for a clerk, whose list is of others only.
    pub(crate) async fn set_role_privileges(
        &self,
        db: &DatabaseTransaction,
        community: &Community,
        role: RoleId,
        shown: &Fingerprint,
        privileges: &[PrivilegeId],
        holds: &HashSet<BuiltInPrivilege>,
    ) -> Result<()> {
        self.database().serialise(db, &role.to_string()).await?;
        let wanted: Vec<Uuid> = privileges.iter().map(|privilege| privilege.0).collect();
        let known = privilege::Entity::within(community.id)
            .filter(privilege::Column::Id.is_in(wanted.clone()))
            .all(db)
            .await?;
        if wanted.iter().any(|id| !known.iter().any(|row| row.id == *id)) {
            return Err(Problem::not_found("privilege").into());
        }
        let carried = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::RoleId.eq(role.0))
            .all(db)
            .await?;
        let built_in_here = built_in_privileges(db, community).await?;
        // A clerk's list knows nothing of built-in privileges that a permission manager put on a tier's role.
        let is_listed = |id: &Uuid| !holds.is_empty() || !built_in_here.contains_key(id);
        let now = fingerprint::of_ids(carried.iter().map(|row| row.privilege_id).filter(is_listed));
        fingerprint::check(shown, now, &fingerprint::of_ids(wanted.iter().copied()))?;
        let is_carried = |id: Uuid| carried.iter().any(|row| row.privilege_id == id);
        for row in known.iter().filter(|row| !is_carried(row.id)) {
            match built_in(row) {
                Some(privilege) if !holds.contains(&privilege) => return Err(not_yours(privilege, holds)),
                _ => {}
            }
        }
        for row in carried.into_iter().filter(|row| !wanted.contains(&row.privilege_id)) {
            match built_in_here.get(&row.privilege_id) {
                Some(_) if holds.is_empty() => {}
                Some(privilege) if !holds.contains(privilege) => return Err(not_yours(*privilege, holds)),
                _ => {
                    row.into_active_model().delete(db).await?;
                }
            }
        }
        for privilege in known {
            let exists = role_privilege::Entity::within(community.id)
                .filter(role_privilege::Column::RoleId.eq(role.0))
                .filter(role_privilege::Column::PrivilegeId.eq(privilege.id))
                .one(db)
                .await?
                .is_some();
            if !exists {
                let row = role_privilege::Model {
                    id: self.randomness().id(self.now()),
                    community_id: community.id.0,
                    role_id: role.0,
                    privilege_id: privilege.id,
                };
                row.into_active_model().insert(db).await?;
            }
        }
        Ok(())
    }
}

pub(super) fn built_in(row: &privilege::Model) -> Option<BuiltInPrivilege> {
    BuiltInPrivilege::parse(&row.label).filter(|_| row.built_in)
}

/// The community's built-in privileges, by their ids.
pub(super) async fn built_in_privileges(
    db: &impl ConnectionTrait,
    community: &Community,
) -> Result<HashMap<Uuid, BuiltInPrivilege>> {
    let rows = privilege::Entity::within(community.id)
        .filter(privilege::Column::BuiltIn.eq(true))
        .all(db)
        .await?;
    Ok(rows.iter().filter_map(|row| Some((row.id, built_in(row)?))).collect())
}

/// A clerk, who hands out none at all, is told that they are not for sale.
fn not_yours(privilege: BuiltInPrivilege, holds: &HashSet<BuiltInPrivilege>) -> Error {
    if holds.is_empty() {
        return Refusal::BuiltIn.into();
    }
    Problem::NotAllowed {
        privilege: privilege.label().to_owned(),
    }
    .into()
}

/// Also built-in roles and those of tiers: a list of roles shows them side by side.
async fn free_role_label(db: &impl ConnectionTrait, community: &Community, label: &str) -> Result<()> {
    let others = role::Entity::within(community.id).all(db).await?;
    if others.iter().any(|row| label::is_same(&row.label, label)) {
        let message = format!("Role name “{label}” is used already. Choose another one.");
        return Err(Problem::invalid("role_label", message).into());
    }
    Ok(())
}
