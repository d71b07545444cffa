//! The shop window. Policy: everybody looks, also signed out.
//!
//! Our tables say what is sold; Stripe says what of it can be charged right now: one list call for an account, kept
//! until an event or a change of ours says otherwise. When Stripe cannot be asked, our tables are shown as they are.

use std::collections::HashMap;

use model::{
    account::AccountStatus,
    catalog::{CatalogPlan, CatalogPrice, CatalogTier, CatalogView, ShopState, TierAction},
    id::{PlanId, TierId},
    purchase::{self, Offer, Purchase},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Community, Visitor},
    connect::Connection,
    entity::{Scoped, connection, plan, price, privilege, role_privilege, tier},
    error::Result,
    shopping::Held,
};

mod cache;

pub(crate) use cache::CatalogCache;

/// The service; made by [`Store::catalog`].
pub struct Catalog<'a>(pub(crate) &'a Store);

impl Catalog<'_> {
    /// # Errors
    /// When the database cannot be asked.
    pub async fn view(&self, visitor: &Visitor) -> Result<CatalogView> {
        let community = &visitor.community;
        let connection = self.0.current_connection(community.id).await?;
        let shop = match connection.as_ref().map(|link| link.status(community.shop_paused)) {
            Some(AccountStatus::Ready { .. }) => ShopState::Open,
            Some(AccountStatus::Paused) => ShopState::Paused,
            // Members of a shop whose merchant disconnected know it as one that was open.
            None if self.was_connected(community).await? => ShopState::Closed,
            Some(AccountStatus::Unlinked) | None => ShopState::NotYet,
            Some(_) => ShopState::Closed,
        };
        let held = match &visitor.user {
            Some(user) => self.0.held(community, user.user).await?,
            None => Vec::new(),
        };
        let plans = match &connection {
            Some(connection) => self.plans(visitor, connection, shop, &held).await?,
            None => Vec::new(),
        };
        Ok(CatalogView {
            shop,
            plans,
            stripe_is_silent: self.0.stripe_is_silent(connection.as_ref()),
        })
    }

    async fn was_connected(&self, community: &Community) -> Result<bool> {
        let former = connection::Entity::within(community.id)
            .count(self.0.database().read())
            .await?;
        Ok(former > 0)
    }

    async fn plans(
        &self,
        visitor: &Visitor,
        connection: &Connection,
        shop: ShopState,
        held: &[Held],
    ) -> Result<Vec<CatalogPlan>> {
        let community = &visitor.community;
        let read = self.0.database().read();
        let plans = plan::Entity::within(community.id)
            .filter(plan::Column::Archived.eq(false))
            .order_by_asc(plan::Column::CreatedAt)
            .all(read)
            .await?;
        let tiers = tier::Entity::within(community.id)
            .filter(tier::Column::Active.eq(true))
            .order_by_asc(tier::Column::CreatedAt)
            .all(read)
            .await?;
        let prices = self.prices(connection).await?;
        let carried = self.carried(community).await?;
        let mut views = Vec::new();
        for plan in plans {
            let of_plan = || held.iter().filter(|held| held.view.plan.0 == plan.id);
            // For buying only what is on this account counts; what is still held by a former one is told.
            let former = of_plan().find(|held| held.view.on_former_account && held.view.role_until.is_some());
            let held = of_plan().find(|held| held.row.connection_id == connection.id.0);
            let mut tier_views = Vec::new();
            for tier in tiers.iter().filter(|tier| tier.plan_id == plan.id) {
                let mut offered = Vec::new();
                for row in prices.iter().filter(|price| price.tier_id == tier.id) {
                    let (interval, amount) = crate::planning::price_of(row)?;
                    let offer = Offer {
                        tier: TierId(tier.id),
                        interval,
                        amount,
                    };
                    offered.push(CatalogPrice {
                        interval,
                        amount,
                        action: action(visitor, shop, held, offer),
                    });
                }
                offered.sort_by_key(|price| price.interval);
                if !offered.is_empty() {
                    tier_views.push(CatalogTier {
                        id: TierId(tier.id),
                        label: tier.label.clone(),
                        description: tier.description.clone(),
                        privileges: carried.get(&tier.role_id).cloned().unwrap_or_default(),
                        prices: offered,
                    });
                }
            }
            if !tier_views.is_empty() {
                views.push(CatalogPlan {
                    id: PlanId(plan.id),
                    label: plan.label,
                    tiers: tier_views,
                    yours: held.or(former).map(|held| held.view.clone()),
                });
            }
        }
        Ok(views)
    }

    /// Active prices that Stripe can charge.
    async fn prices(&self, connection: &Connection) -> Result<Vec<price::Model>> {
        let mut rows = price::Entity::within(connection.community)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::Active.eq(true))
            .filter(price::Column::StripeId.is_not_null())
            .all(self.0.database().read())
            .await?;
        if let Some(chargeable) = self.0.chargeable_prices(connection).await {
            rows.retain(|row| row.stripe_id.as_ref().is_some_and(|id| chargeable.contains(id)));
        }
        Ok(rows)
    }

    /// The names of the privileges that each role carries.
    async fn carried(&self, community: &Community) -> Result<HashMap<Uuid, Vec<String>>> {
        let read = self.0.database().read();
        let privileges = privilege::Entity::within(community.id).all(read).await?;
        let labels: HashMap<Uuid, String> = privileges.into_iter().map(|row| (row.id, row.label)).collect();
        let mut carried: HashMap<Uuid, Vec<String>> = HashMap::new();
        for row in role_privilege::Entity::within(community.id).all(read).await? {
            if let Some(label) = labels.get(&row.privilege_id) {
                carried.entry(row.role_id).or_default().push(label.clone());
            }
        }
        for labels in carried.values_mut() {
            labels.sort();
        }
        Ok(carried)
    }
}

/// What the button of `offer` does for this person.
fn action(visitor: &Visitor, shop: ShopState, held: Option<&Held>, offer: Offer) -> TierAction {
    if matches!(shop, ShopState::NotYet | ShopState::Closed) {
        return TierAction::Unavailable;
    }
    if let Some(pending) = held.and_then(|held| held.view.pending.as_ref())
        && pending.tier == offer.tier
        && pending.interval == offer.interval
    {
        return TierAction::Coming;
    }
    let new_sale = if shop == ShopState::Paused {
        TierAction::Unavailable
    } else {
        TierAction::Subscribe
    };
    match purchase::decide(held.map(|held| held.facts), offer) {
        _ if visitor.user.is_none() && shop == ShopState::Open => TierAction::SignIn,
        Ok(Purchase::Checkout | Purchase::CancelThenCheckout | Purchase::ReplaceIncomplete) => new_sale,
        Ok(Purchase::FinishPayment | Purchase::SettleFirst | Purchase::ResumeFirst) => TierAction::FinishPayment,
        Ok(Purchase::SwitchInTrial) => TierAction::Switch,
        Ok(Purchase::Upgrade) if held.is_some_and(|held| held.facts.is_cheaper(offer)) => TierAction::Switch,
        Ok(Purchase::Upgrade) => TierAction::Upgrade,
        Ok(Purchase::Downgrade) if held.is_some_and(|held| !held.facts.is_cheaper(offer)) => TierAction::Switch,
        Ok(Purchase::Downgrade) => TierAction::Downgrade,
        Err(model::Refusal::YourTierEnding) => TierAction::Renew,
        Err(_) => TierAction::Yours,
    }
}
