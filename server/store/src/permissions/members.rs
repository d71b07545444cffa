//! Members and their roles: who holds what, for a member viewer; gifts, by a freebie giver.

use std::collections::HashMap;

use chrono::Duration;
use model::{
    Problem, Refusal, date,
    entitlement::told_end,
    id::{GrantId, PrivilegeId, RoleId, UserId},
    permissions::{GrantView, MemberView, MembersView, RoleKind, RoleView},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    actor::{Community, FreebieGiver, MemberViewer},
    entity::{Scoped, grant, membership, plan, role_privilege, subscription, tier, user},
    error::Result,
    fulfillment::facts_of,
};

use super::{Permissions, find_role, roles::built_in_privileges, source_of};

/// Members on a page.
const PAGE: u64 = 50;

impl Permissions<'_> {
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
            // A database counts to 2⁶³.
            .offset(page.min(u64::from(u32::MAX)) * PAGE)
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
        let sold: HashMap<Uuid, subscription::Model> = subscription::Entity::within(community.id)
            .filter(subscription::Column::Id.is_in(grants.iter().filter_map(|grant| grant.subscription_id)))
            .all(read)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let roles = self.roles(community).await?;
        let labels: HashMap<RoleId, &str> = roles.iter().map(|role| (role.id, role.label.as_str())).collect();
        let mut members = Vec::new();
        for row in rows {
            let held = grants.iter().filter(|grant| grant.user_id == row.user_id);
            members.push(MemberView {
                user: UserId(row.user_id),
                email: emails.get(&row.user_id).cloned().unwrap_or_default(),
                joined_at: row.joined_at,
                grants: held
                    .map(|grant| grant_view(grant, &sold, &labels))
                    .collect::<Result<_>>()?,
            });
        }
        let built_in = built_in_privileges(read, community).await?;
        let lacks = |id: &PrivilegeId| {
            built_in
                .get(&id.0)
                .is_some_and(|privilege| !viewer.holds.contains(privilege))
        };
        let mut giveable: Vec<RoleView> = roles
            .iter()
            .filter(|role| matches!(role.kind, RoleKind::Tier | RoleKind::Custom))
            .filter(|role| !role.privileges.iter().any(lacks))
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
            owing: self.owing(viewer, &labels).await?,
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
    /// `Problem::NotFound` for the role, or a user who is no member; `Refusal::OwnerStays`; `Problem::Invalid` on `days`, or
    /// on `role` when they were given it already.
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
        self.may_hand_over(self.0.database().read(), giver, id).await?;
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
        let transaction = self.0.database().begin().await?;
        let turn = format!("gift of {id} to {user}");
        self.0.database().serialise(&transaction, &turn).await?;
        let earlier = grant::Entity::within(giver.community.id)
            .filter(grant::Column::UserId.eq(user.0))
            .filter(grant::Column::RoleId.eq(id.0))
            .filter(grant::Column::Source.eq("gift"))
            .all(&transaction)
            .await?;
        if let Some(gift) = earlier.iter().find(|one| one.ends_at.is_none_or(|end| now < end)) {
            let until = gift.ends_at.map_or_else(
                || "without an end".to_owned(),
                |end| format!("until {}", date::day(end)),
            );
            let message = format!(
                "Role “{}” is given to them already, {until}. Take it back first to give it anew.",
                row.label
            );
            return Err(Problem::invalid("role", message).into());
        }
        gift.into_active_model().insert(&transaction).await?;
        let (community, by) = (giver.community.id, Some(giver.user.user));
        self.0
            .audit(&transaction, community, by, "role given", &row.label)
            .await?;
        transaction.commit().await?;
        self.0.live().tell(giver.community.id, Some(user));
        Ok(())
    }

    /// A role with built-in privileges is power over the community: only who holds all of them gives or takes it.
    async fn may_hand_over(&self, db: &impl ConnectionTrait, giver: &FreebieGiver, role: RoleId) -> Result<()> {
        let community = &giver.community;
        let built_in = built_in_privileges(db, community).await?;
        let carried: Vec<Uuid> = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::RoleId.eq(role.0))
            .select_only()
            .column(role_privilege::Column::PrivilegeId)
            .into_tuple()
            .all(db)
            .await?;
        let lacking = carried
            .iter()
            .filter_map(|id| built_in.get(id))
            .find(|privilege| !giver.holds.contains(privilege));
        match lacking {
            Some(privilege) => Err(Problem::NotAllowed {
                privilege: privilege.label().to_owned(),
            }
            .into()),
            None => Ok(()),
        }
    }

    /// Takes a gift back; what a subscription or the owner's place gave stays.
    ///
    /// # Errors
    /// `Problem::NotFound`; `Problem::NotAllowed` for a role with built-in privileges that the giver lacks.
    pub async fn take_back(&self, giver: &FreebieGiver, id: GrantId) -> Result<()> {
        let transaction = self.0.database().begin().await?;
        let row = grant::Entity::within(giver.community.id)
            .filter(grant::Column::Id.eq(id.0))
            .filter(grant::Column::Source.eq("gift"))
            .one(&transaction)
            .await?
            .ok_or_else(|| Problem::not_found("gift"))?;
        self.may_hand_over(&transaction, giver, RoleId(row.role_id)).await?;
        let user = UserId(row.user_id);
        row.into_active_model().delete(&transaction).await?;
        let (community, by) = (giver.community.id, Some(giver.user.user));
        self.0
            .audit(&transaction, community, by, "gift taken back", &id.to_string())
            .await?;
        transaction.commit().await?;
        self.0.live().tell(giver.community.id, Some(user));
        Ok(())
    }
}

fn grant_view(
    row: &grant::Model,
    sold: &HashMap<Uuid, subscription::Model>,
    labels: &HashMap<RoleId, &str>,
) -> Result<GrantView> {
    let role = RoleId(row.role_id);
    let ends_at = match row.subscription_id.and_then(|id| sold.get(&id)) {
        Some(sold) => {
            let status = facts_of(sold)?.status;
            row.ends_at.map(|end| told_end(status, sold.period_end, end))
        }
        None => row.ends_at,
    };
    Ok(GrantView {
        id: GrantId(row.id),
        role,
        role_label: labels.get(&role).copied().unwrap_or_default().to_owned(),
        source: source_of(row)?,
        starts_at: row.starts_at,
        ends_at,
    })
}
