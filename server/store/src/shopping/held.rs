//! What a customer has: their subscriptions as the rules and the pages need them.

use std::collections::HashMap;

use chrono::Duration;
use model::{
    Timestamp,
    account::AccountStatus,
    id::{ConnectionId, PlanId, SubscriptionId, TierId, UserId},
    interval::Interval,
    membership::{self, AccountTrouble, PendingChange, Possible, SubscriptionView},
    money::Money,
    purchase::{self, Offer, OnIt},
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, sea_query::ExprTrait};
use uuid::Uuid;

use crate::{
    Store,
    actor::Community,
    connect::Connection,
    entity::{Scoped, grant, plan, price, subscription, tier},
    error::{Error, Result},
};

/// How long Stripe waits for a first payment (<https://docs.stripe.com/billing/subscriptions/overview#incomplete>).
const INCOMPLETE_FOR: Duration = Duration::hours(23);

/// A subscription: its row, the facts for the buying table, and what pages show of it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub row: subscription::Model,
    pub facts: purchase::Held,
    pub view: SubscriptionView,
}

impl Store {
    /// One for each plan the user ever subscribed to, and for each account it was on: the one that counts. What was sold on
    /// a former account and is over is history.
    pub(crate) async fn held(&self, community: &Community, user: UserId) -> Result<Vec<Held>> {
        let read = self.database().read();
        let current = self.current_connection(community.id).await?;
        let rows = subscription::Entity::within(community.id)
            .filter(subscription::Column::UserId.eq(user.0))
            .all(read)
            .await?;
        let mut counting: HashMap<(Uuid, Uuid), subscription::Model> = HashMap::new();
        for row in rows {
            let is_over = |row: &subscription::Model| {
                SubscriptionStatus::parse(&row.status).is_none_or(SubscriptionStatus::is_over)
            };
            let is_former = current.as_ref().is_none_or(|current| current.id.0 != row.connection_id);
            if is_former && is_over(&row) && current.is_some() {
                continue;
            }
            // What has given way to a later one counts only when that is not here yet.
            let rank = |row: &subscription::Model| {
                let counts = !is_over(row) && row.replaced_by.is_none();
                (counts, row.item_count > 0, row.stripe_created, row.stripe_id.clone())
            };
            let place = (row.plan_id, row.connection_id);
            match counting.get(&place) {
                Some(other) if rank(other) >= rank(&row) => {}
                _ => {
                    counting.insert(place, row);
                }
            }
        }
        let mut held = Vec::new();
        for row in counting.into_values() {
            held.push(self.held_row(community, row, current.as_ref()).await?);
        }
        held.sort_by_key(|held| held.row.stripe_created);
        Ok(held)
    }

    /// What the user has on a plan and on this account.
    pub(crate) async fn held_on(
        &self,
        community: &Community,
        user: UserId,
        plan: PlanId,
        connection: ConnectionId,
    ) -> Result<Option<Held>> {
        Ok(self
            .held(community, user)
            .await?
            .into_iter()
            .find(|held| held.view.plan == plan && held.row.connection_id == connection.0))
    }

    /// The same subscription, read again.
    pub(crate) async fn held_again(&self, held: Held) -> Result<Held> {
        let row = subscription::Entity::find_by_id(held.row.id)
            .one(self.database().read())
            .await?
            .ok_or_else(|| Error::inconsistent("a subscription row is gone"))?;
        Ok(Held { row, ..held })
    }

    async fn held_row(
        &self,
        community: &Community,
        row: subscription::Model,
        current: Option<&Connection>,
    ) -> Result<Held> {
        let read = self.database().read();
        let now = self.now();
        let status = SubscriptionStatus::parse(&row.status)
            .ok_or_else(|| Error::inconsistent(format!("subscription {}: status {}", row.id, row.status)))?;
        let plan = plan::Entity::within(community.id)
            .filter(plan::Column::Id.eq(row.plan_id))
            .one(read)
            .await?;
        let price = self.priced(community, row.price_id).await?;
        let tier_label = match row.tier_id {
            Some(tier) => self.tier_label(community, tier).await?,
            None => String::new(),
        };
        let role = grant::Entity::within(community.id)
            .filter(grant::Column::SubscriptionId.eq(row.id))
            .one(read)
            .await?
            .filter(|grant| grant.ends_at.is_none_or(|end| now < end));
        let role_until = role.and_then(|grant| grant.ends_at);
        let pending = self.change(community, row.pending_price_id, row.pending_at).await?;
        let unpaid_change = self.change(community, row.unpaid_price_id, row.unpaid_until).await?;
        let ends_at = row.cancel_at.or(row.cancel_at_period_end.then_some(row.period_end));
        let on_it = match (row.tier_id, price) {
            _ if row.item_count == 0 => OnIt::Nothing,
            _ if row.item_count > 1 => OnIt::Several,
            (Some(tier), Some((_, amount, interval))) => OnIt::Offer(Offer {
                tier: TierId(tier),
                interval,
                amount,
            }),
            _ => OnIt::Unknown,
        };
        let open_invoice = crate::letters::open_invoice(&row)?.filter(|_| !status.is_over());
        let connection = current.filter(|current| current.id.0 == row.connection_id);
        let account = connection.map(|link| link.status(community.shop_paused));
        let possible = Possible {
            status,
            will_end: ends_at.is_some(),
            has_open_invoice: open_invoice.is_some(),
            has_waiting_change: pending.is_some() || unpaid_change.is_some(),
            account_works: account.as_ref().is_some_and(AccountStatus::serves_customers),
            in_reach: account.as_ref().is_some_and(AccountStatus::is_linked),
            is_empty: row.item_count == 0,
            has_offers: match (connection, &plan) {
                _ if on_it == OnIt::Several && status.is_live() => false,
                (Some(connection), Some(plan)) if !plan.archived => {
                    let held = match on_it {
                        OnIt::Offer(offer) if !status.is_over() => Some(offer),
                        _ => None,
                    };
                    self.has_offers(connection, &row, held).await?
                }
                _ => false,
            },
        };
        let trouble = account.as_ref().and_then(AccountTrouble::of);
        let view = SubscriptionView {
            id: SubscriptionId(row.id),
            plan: PlanId(row.plan_id),
            plan_label: plan.map(|plan| plan.label).unwrap_or_default(),
            tier: row.tier_id.map(TierId),
            tier_label,
            status,
            price: price.map(|(_, amount, interval)| (amount, interval)),
            period_end: row.period_end,
            trial_end: row.trial_end,
            ends_at: ends_at.filter(|_| !status.is_over()),
            pending: pending.filter(|_| !status.is_over()),
            unpaid_change: unpaid_change.filter(|_| !status.is_over()),
            open_invoice,
            is_given: self.is_given(read, &row, role_until).await?,
            role_until,
            card: row.card_id.clone(),
            lapses_at: (status == SubscriptionStatus::Incomplete).then(|| row.stripe_created + INCOMPLETE_FOR),
            on_former_account: connection.is_none(),
            renews: matches!(trouble, None | Some(AccountTrouble::NoPayments)),
            may: membership::actions(possible),
        };
        let facts = purchase::Held {
            status,
            on_it,
            will_end: ends_at.is_some(),
        };
        Ok(Held { row, facts, view })
    }

    /// Whether its plan sells something else than what is on it; when it is over, anything.
    async fn has_offers(
        &self,
        connection: &Connection,
        row: &subscription::Model,
        held: Option<Offer>,
    ) -> Result<bool> {
        let read = self.database().read();
        let tiers: Vec<Uuid> = tier::Entity::within(connection.community)
            .filter(tier::Column::PlanId.eq(row.plan_id))
            .filter(tier::Column::Active.eq(true))
            .select_only()
            .column(tier::Column::Id)
            .into_tuple()
            .all(read)
            .await?;
        let mut offers = price::Entity::within(connection.community)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::TierId.is_in(tiers))
            .filter(price::Column::Active.eq(true))
            .filter(price::Column::StripeId.is_not_null());
        if let Some(held) = held {
            let is_held = price::Column::TierId
                .eq(held.tier.0)
                .and(price::Column::Interval.eq(held.interval.as_str()));
            offers = offers.filter(is_held.not());
        }
        Ok(offers.count(read).await? > 0)
    }

    /// A change that waits: at the period's end, or for its payment.
    async fn change(
        &self,
        community: &Community,
        price: Option<Uuid>,
        at: Option<Timestamp>,
    ) -> Result<Option<PendingChange>> {
        let (Some((tier, amount, interval)), Some(at)) = (self.priced(community, price).await?, at) else {
            return Ok(None);
        };
        Ok(Some(PendingChange {
            tier: TierId(tier),
            tier_label: self.tier_label(community, tier).await?,
            interval,
            amount: Some(amount),
            at,
        }))
    }

    async fn priced(&self, community: &Community, id: Option<Uuid>) -> Result<Option<(Uuid, Money, Interval)>> {
        let Some(id) = id else { return Ok(None) };
        let row = price::Entity::within(community.id)
            .filter(price::Column::Id.eq(id))
            .one(self.database().read())
            .await?;
        row.map(|row| crate::planning::price_of(&row).map(|(interval, amount)| (row.tier_id, amount, interval)))
            .transpose()
    }

    async fn tier_label(&self, community: &Community, id: Uuid) -> Result<String> {
        let row = tier::Entity::within(community.id)
            .filter(tier::Column::Id.eq(id))
            .one(self.database().read())
            .await?;
        Ok(row.map(|tier| tier.label).unwrap_or_default())
    }
}
