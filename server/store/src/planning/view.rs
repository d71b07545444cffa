//! The planning page: every plan with its tiers, prices and subscribers, also what is not sold any more.

use std::collections::HashMap;

use model::{
    account::AccountStatus,
    id::{PlanId, PriceId, PrivilegeId, RoleId, TierId},
    planning::{PlanView, PlanningView, PriceView, PrivilegeChoice, TierView},
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Clerk, Community},
    entity::{Scoped, plan, price, privilege, product, role_privilege, subscription, tier},
    error::Result,
    fingerprint,
};

use super::{Planning, price_of, shown};

impl Planning<'_> {
    /// # Errors
    /// When the database cannot be asked.
    pub async fn view(&self, clerk: &Clerk) -> Result<PlanningView> {
        let community = &clerk.community;
        let read = self.0.database().read();
        let connection = self.0.current_connection(community.id).await?;
        let status = connection
            .as_ref()
            .map_or(AccountStatus::Unlinked, |link| link.status(community.shop_paused));
        let plans = plan::Entity::within(community.id)
            .order_by_asc(plan::Column::CreatedAt)
            .all(read)
            .await?;
        let tiers = tier::Entity::within(community.id)
            .order_by_asc(tier::Column::CreatedAt)
            .all(read)
            .await?;
        let products = product::Entity::within(community.id).all(read).await?;
        let prices = price::Entity::within(community.id)
            .filter(price::Column::Active.eq(true))
            .all(read)
            .await?;
        let carried = role_privilege::Entity::within(community.id).all(read).await?;
        let subscribers = self.subscribers(community).await?;
        let current = connection.as_ref().map(|link| link.id.0);
        let choices = self.0.privilege_choices(community).await?;
        let mut views = Vec::new();
        for plan in plans {
            let mut tier_views = Vec::new();
            for row in tiers.iter().filter(|tier| tier.plan_id == plan.id) {
                let product = products
                    .iter()
                    .find(|product| product.tier_id == row.id && Some(product.connection_id) == current);
                let privileges: Vec<PrivilegeId> = carried
                    .iter()
                    .filter(|carried| carried.role_id == row.role_id)
                    .map(|carried| PrivilegeId(carried.privilege_id))
                    .collect();
                let prices_here: Vec<PriceView> = prices
                    .iter()
                    .filter(|price| price.tier_id == row.id && Some(price.connection_id) == current)
                    .map(price_view)
                    .collect::<Result<_>>()?;
                let ticked = choices.iter().filter(|choice| privileges.contains(&choice.id));
                tier_views.push(TierView {
                    id: TierId(row.id),
                    label: row.label.clone(),
                    description: row.description.clone(),
                    active: row.active,
                    broken: product.is_some_and(|product| product.broken),
                    waits_for_stripe: prices.iter().any(|price| {
                        let is_here = price.tier_id == row.id && Some(price.connection_id) == current;
                        is_here && price.stripe_id.is_none()
                    }),
                    on_current_account: product.is_some(),
                    role: RoleId(row.role_id),
                    subscribers: subscribers.get(&row.id).map_or(0, |(all, _)| *all),
                    not_paying: subscribers.get(&row.id).map_or(0, |(_, not_paying)| *not_paying),
                    shown: shown::of_tier(
                        &row.label,
                        &row.description,
                        prices_here.iter().map(|price| (price.interval, price.amount)),
                    ),
                    privileges_shown: fingerprint::of_ids(ticked.map(|choice| choice.id.0)),
                    privileges,
                    prices: prices_here,
                });
            }
            views.push(PlanView {
                id: PlanId(plan.id),
                shown: fingerprint::of([&*plan.label]),
                label: plan.label,
                archived: plan.archived,
                tiers: tier_views,
            });
        }
        Ok(PlanningView {
            status,
            currency: community.currency,
            privileges: choices,
            plans: views,
        })
    }

    /// How many have subscribed to each tier, and how many of them pay nothing now. Whose first payment is not made is none
    /// yet.
    async fn subscribers(&self, community: &Community) -> Result<HashMap<Uuid, (u64, u64)>> {
        let have_none = |status: &SubscriptionStatus| status.is_over() || *status == SubscriptionStatus::Incomplete;
        let none = SubscriptionStatus::ALL.into_iter().filter(have_none);
        let rows: Vec<(Option<Uuid>, String, i64)> = subscription::Entity::within(community.id)
            .filter(subscription::Column::Status.is_not_in(none.map(SubscriptionStatus::as_str)))
            .select_only()
            .column(subscription::Column::TierId)
            .column(subscription::Column::Status)
            .column_as(subscription::Column::Id.count(), "count")
            .group_by(subscription::Column::TierId)
            .group_by(subscription::Column::Status)
            .into_tuple()
            .all(self.0.database().read())
            .await?;
        let mut counts: HashMap<Uuid, (u64, u64)> = HashMap::new();
        for (tier, status, count) in rows {
            let Some(tier) = tier else { continue };
            let status = SubscriptionStatus::parse(&status);
            let of_tier = counts.entry(tier).or_default();
            of_tier.0 += count.unsigned_abs();
            if matches!(status, Some(SubscriptionStatus::Unpaid | SubscriptionStatus::Paused)) {
                of_tier.1 += count.unsigned_abs();
            }
        }
        Ok(counts)
    }
}

impl Store {
    /// The privileges a role that is sold or given may carry: those the merchant made.
    pub(crate) async fn privilege_choices(&self, community: &Community) -> Result<Vec<PrivilegeChoice>> {
        let rows = privilege::Entity::within(community.id)
            .filter(privilege::Column::BuiltIn.eq(false))
            .order_by_asc(privilege::Column::Label)
            .all(self.database().read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| PrivilegeChoice {
                id: PrivilegeId(row.id),
                label: row.label,
            })
            .collect())
    }
}

fn price_view(row: &price::Model) -> Result<PriceView> {
    let (interval, amount) = price_of(row)?;
    Ok(PriceView {
        id: PriceId(row.id),
        interval,
        amount,
    })
}
