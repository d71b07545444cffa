//! Roles, privileges, members and gifts.
//!
//! Policy: a permission manager makes and changes roles and privileges; a member viewer sees who holds what; a freebie
//! giver gives roles away and takes gifts back. Nobody gives away the owner's role or built-in privileges they lack.

use std::collections::HashMap;

use chrono::Duration;
use model::{
    Problem, Refusal,
    grant::GrantSource,
    id::{GrantId, PrivilegeId, RoleId, SubscriptionId, UserId},
    label,
    permissions::{GrantView, MemberView, MembersView, PermissionsView, PrivilegeView, RoleKind, RoleView},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Community, FreebieGiver, MemberViewer, PermissionManager},
    entity::{Scoped, grant, membership, plan, post, privilege, role, role_privilege, tier, user},
    error::{Error, Result},
};

/// Members on a page.
const PAGE: u64 = 50;

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
                    id: PrivilegeId(row.id),
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
            let privileges = carried.iter().filter(|carried| carried.role_id == row.id);
            views.push(RoleView {
                id: RoleId(row.id),
                label: row.label,
                kind,
                privileges: privileges.map(|carried| PrivilegeId(carried.privilege_id)).collect(),
            });
        }
        Ok(views)
    }

    /// # Errors
    /// `Problem::Invalid` on `privilege_label`, also when there is one of that name.
    pub async fn create_privilege(&self, manager: &PermissionManager, text: &str) -> Result<()> {
        let label = label::parse("privilege_label", text)?;
        let transaction = self.0.database().begin().await?;
        free_label(&transaction, &manager.community, &label).await?;
        let now = self.0.now();
        let row = privilege::Model {
            id: self.0.randomness().id(now),
            community_id: manager.community.id.0,
            label,
            built_in: false,
            created_at: now,
        };
        row.into_active_model().insert(&transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn`; `Problem::Invalid` on `privilege_label`.
    pub async fn rename_privilege(&self, manager: &PermissionManager, id: PrivilegeId, text: &str) -> Result<()> {
        let label = label::parse("privilege_label", text)?;
        let transaction = self.0.database().begin().await?;
        let row = privilege::Entity::within(manager.community.id)
            .filter(privilege::Column::Id.eq(id.0))
            .one(&transaction)
            .await?
            .ok_or_else(|| Problem::not_found("privilege"))?;
        if row.built_in {
            return Err(Refusal::BuiltIn.into());
        }
        if !label::is_same(&row.label, &label) {
            free_label(&transaction, &manager.community, &label).await?;
        }
        let mut row = row.into_active_model();
        row.label = Set(label);
        row.update(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn`, `Refusal::PrivilegeAsked`, `Refusal::PrivilegeCarried`.
    pub async fn delete_privilege(&self, manager: &PermissionManager, id: PrivilegeId) -> Result<()> {
        let community = &manager.community;
        let transaction = self.0.database().begin().await?;
        let row = privilege::Entity::within(community.id)
            .filter(privilege::Column::Id.eq(id.0))
            .one(&transaction)
            .await?
            .ok_or_else(|| Problem::not_found("privilege"))?;
        if row.built_in {
            return Err(Refusal::BuiltIn.into());
        }
        let asking = post::Entity::within(community.id)
            .filter(post::Column::PrivilegeId.eq(id.0))
            .count(&transaction)
            .await?;
        if asking > 0 {
            return Err(Refusal::PrivilegeAsked.into());
        }
        let carrying = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::PrivilegeId.eq(id.0))
            .count(&transaction)
            .await?;
        if carrying > 0 {
            return Err(Refusal::PrivilegeCarried.into());
        }
        let label = row.label.clone();
        row.into_active_model().delete(&transaction).await?;
        transaction.commit().await?;
        self.0
            .audit(community.id, Some(manager.user.user), "privilege deleted", &label)
            .await
    }

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
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn` (a tier's role is renamed with its tier); `Problem::Invalid` on `role_label`.
    pub async fn rename_role(&self, manager: &PermissionManager, id: RoleId, text: &str) -> Result<()> {
        let label = label::parse("role_label", text)?;
        let transaction = self.0.database().begin().await?;
        let row = find_role(&transaction, &manager.community, id).await?;
        if row.kind != RoleKind::Custom.as_str() {
            return Err(Refusal::BuiltIn.into());
        }
        if !label::is_same(&row.label, &label) {
            free_role_label(&transaction, &manager.community, &label).await?;
        }
        let mut row = row.into_active_model();
        row.label = Set(label);
        row.update(&transaction).await?;
        transaction.commit().await?;
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
        transaction.commit().await?;
        self.0
            .audit(community.id, Some(manager.user.user), "role deleted", &label)
            .await
    }

    /// # Errors
    /// `Problem::NotFound` for the role or a privilege; `Refusal::BuiltIn` for the owner's role.
    pub async fn set_role_privileges(
        &self,
        manager: &PermissionManager,
        id: RoleId,
        privileges: &[PrivilegeId],
    ) -> Result<()> {
        let transaction = self.0.database().begin().await?;
        let row = find_role(&transaction, &manager.community, id).await?;
        if row.kind == RoleKind::Owner.as_str() {
            return Err(Refusal::BuiltIn.into());
        }
        self.0
            .set_role_privileges(&transaction, &manager.community, id, privileges, true)
            .await?;
        transaction.commit().await?;
        self.0
            .audit(
                manager.community.id,
                Some(manager.user.user),
                "role changed",
                &row.label,
            )
            .await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }

    /// A page of members, the newest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn members(&self, viewer: &MemberViewer, page: u64) -> Result<MembersView> {
        let community = &viewer.community;
        let read = self.0.database().read();
        let members = membership::Entity::within(community.id);
        let total = members.clone().count(read).await?;
        let rows = members
            .order_by_desc(membership::Column::JoinedAt)
            .offset(page.saturating_mul(PAGE))
            .limit(PAGE)
            .all(read)
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.user_id).collect();
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(ids.clone()))
            .all(read)
            .await?;
        let emails: HashMap<Uuid, String> = users.into_iter().map(|user| (user.id, user.email)).collect();
        let grants = grant::Entity::within(community.id)
            .filter(grant::Column::UserId.is_in(ids))
            .all(read)
            .await?;
        let roles = self.roles(community).await?;
        let labels: HashMap<RoleId, &str> = roles.iter().map(|role| (role.id, role.label.as_str())).collect();
        let mut members = Vec::new();
        for row in rows {
            let held = grants.iter().filter(|grant| grant.user_id == row.user_id);
            members.push(MemberView {
                user: UserId(row.user_id),
                email: emails.get(&row.user_id).cloned().unwrap_or_default(),
                joined_at: row.joined_at,
                grants: held.map(|grant| grant_view(grant, &labels)).collect::<Result<_>>()?,
            });
        }
        let mut giveable: Vec<RoleView> = roles
            .iter()
            .filter(|role| matches!(role.kind, RoleKind::Tier | RoleKind::Custom))
            .cloned()
            .collect();
        let plans = self.plan_of_role(community).await?;
        for role in &mut giveable {
            // Two plans may have a tier of the same name.
            if let Some(plan) = plans.get(&role.id) {
                role.label = format!("{} ({plan})", role.label);
            }
        }
        Ok(MembersView {
            members,
            total,
            giveable,
            may_give: viewer.also_giver,
        })
    }

    /// The labels of the plans whose tiers brought the roles.
    async fn plan_of_role(&self, community: &Community) -> Result<HashMap<RoleId, String>> {
        let read = self.0.database().read();
        let plans = plan::Entity::within(community.id).all(read).await?;
        let plans: HashMap<Uuid, String> = plans.into_iter().map(|plan| (plan.id, plan.label)).collect();
        let tiers = tier::Entity::within(community.id).all(read).await?;
        let of_role = |tier: tier::Model| Some((RoleId(tier.role_id), plans.get(&tier.plan_id)?.clone()));
        Ok(tiers.into_iter().filter_map(of_role).collect())
    }

    /// Gives a role as a gift for `days` (empty: until it is taken back).
    ///
    /// # Errors
    /// `Problem::NotFound` for the role, or a user who is no member; `Refusal::OwnerStays`; `Problem::Invalid` on `days`.
    pub async fn give_role(&self, giver: &FreebieGiver, user: UserId, id: RoleId, days: &str) -> Result<()> {
        let now = self.0.now();
        let ends_at = match days.trim() {
            "" => None,
            days => {
                let days = days.parse::<i64>().ok().filter(|days| (1..=3660).contains(days));
                let wrong = || {
                    Problem::invalid(
                        "days",
                        "Days must be a whole number from 1 to 3660, or empty for no end.",
                    )
                };
                Some(now + Duration::days(days.ok_or_else(wrong)?))
            }
        };
        let db = self.0.database().write();
        let row = find_role(db, &giver.community, id).await?;
        if !matches!(RoleKind::parse(&row.kind), Some(RoleKind::Tier | RoleKind::Custom)) {
            return Err(Refusal::OwnerStays.into());
        }
        if self.carries_built_in(&giver.community, id).await? && !giver.also_manager {
            return Err(Problem::NotAllowed {
                privilege: "manage permissions".to_owned(),
            }
            .into());
        }
        membership::Entity::within(giver.community.id)
            .filter(membership::Column::UserId.eq(user.0))
            .one(db)
            .await?
            .ok_or_else(|| Problem::not_found("member"))?;
        let gift = grant::Model {
            id: self.0.randomness().id(now),
            community_id: giver.community.id.0,
            user_id: user.0,
            role_id: row.id,
            starts_at: now,
            ends_at,
            source: "gift".to_owned(),
            subscription_id: None,
            created_at: now,
        };
        gift.into_active_model().insert(db).await?;
        self.0
            .audit(giver.community.id, Some(giver.user.user), "role given", &row.label)
            .await?;
        self.0.live().tell(giver.community.id, Some(user));
        Ok(())
    }

    /// Giving such a role away hands out power over the community.
    async fn carries_built_in(&self, community: &Community, role: RoleId) -> Result<bool> {
        let read = self.0.database().read();
        let carried: Vec<Uuid> = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::RoleId.eq(role.0))
            .select_only()
            .column(role_privilege::Column::PrivilegeId)
            .into_tuple()
            .all(read)
            .await?;
        let built_in = privilege::Entity::within(community.id)
            .filter(privilege::Column::Id.is_in(carried))
            .filter(privilege::Column::BuiltIn.eq(true))
            .count(read)
            .await?;
        Ok(built_in > 0)
    }

    /// Takes a gift back; what a subscription or the owner's place gave stays.
    ///
    /// # Errors
    /// `Problem::NotFound`
    pub async fn take_back(&self, giver: &FreebieGiver, id: GrantId) -> Result<()> {
        let db = self.0.database().write();
        let row = grant::Entity::within(giver.community.id)
            .filter(grant::Column::Id.eq(id.0))
            .filter(grant::Column::Source.eq("gift"))
            .one(db)
            .await?
            .ok_or_else(|| Problem::not_found("gift"))?;
        let user = UserId(row.user_id);
        row.into_active_model().delete(db).await?;
        self.0
            .audit(
                giver.community.id,
                Some(giver.user.user),
                "gift taken back",
                &id.to_string(),
            )
            .await?;
        self.0.live().tell(giver.community.id, Some(user));
        Ok(())
    }
}

impl Store {
    /// Replaces what a role carries. `built_in`: the caller may hand out built-in privileges.
    pub(crate) async fn set_role_privileges(
        &self,
        db: &impl ConnectionTrait,
        community: &Community,
        role: RoleId,
        privileges: &[PrivilegeId],
        built_in: bool,
    ) -> Result<()> {
        let wanted: Vec<Uuid> = privileges.iter().map(|privilege| privilege.0).collect();
        let known = privilege::Entity::within(community.id)
            .filter(privilege::Column::Id.is_in(wanted.clone()))
            .all(db)
            .await?;
        if wanted.iter().any(|id| !known.iter().any(|row| row.id == *id)) {
            return Err(Problem::not_found("privilege").into());
        }
        if !built_in && known.iter().any(|row| row.built_in) {
            return Err(Refusal::BuiltIn.into());
        }
        // A clerk's list knows nothing of built-in privileges that a permission manager put on a tier's role.
        let carried = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::RoleId.eq(role.0))
            .all(db)
            .await?;
        for row in carried {
            let keep = !built_in && self.is_built_in(db, community, row.privilege_id).await?;
            if !keep && !wanted.contains(&row.privilege_id) {
                row.into_active_model().delete(db).await?;
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

    async fn is_built_in(&self, db: &impl ConnectionTrait, community: &Community, id: Uuid) -> Result<bool> {
        let row = privilege::Entity::within(community.id)
            .filter(privilege::Column::Id.eq(id))
            .one(db)
            .await?;
        Ok(row.is_some_and(|row| row.built_in))
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

fn grant_view(row: &grant::Model, labels: &HashMap<RoleId, &str>) -> Result<GrantView> {
    let role = RoleId(row.role_id);
    Ok(GrantView {
        id: GrantId(row.id),
        role,
        role_label: labels.get(&role).copied().unwrap_or_default().to_owned(),
        source: source_of(row)?,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    })
}

async fn find_role(db: &impl ConnectionTrait, community: &Community, id: RoleId) -> Result<role::Model> {
    let row = role::Entity::within(community.id)
        .filter(role::Column::Id.eq(id.0))
        .one(db)
        .await?;
    row.ok_or_else(|| Problem::not_found("role").into())
}

async fn free_label(db: &impl ConnectionTrait, community: &Community, label: &str) -> Result<()> {
    let others = privilege::Entity::within(community.id).all(db).await?;
    if others.iter().any(|row| label::is_same(&row.label, label)) {
        let message = format!("Privilege name “{label}” is used already. Choose another one.");
        return Err(Problem::invalid("privilege_label", message).into());
    }
    Ok(())
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
