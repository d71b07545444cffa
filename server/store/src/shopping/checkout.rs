//! Checkout: at most one open session for a customer and plan, whatever was pressed how often and where.
//!
//! The row comes first (a unique index allows one open row), the session is made with a key derived from it: two that
//! press at once make the same call and get the same session.

use std::collections::HashMap;

use super::{Held, Shopping, Wanted};
use crate::{
    Store,
    actor::Customer,
    connect::Connection,
    entity::{Scoped, checkout, community, connection, plan},
    error::{Error, Result},
    fulfillment::Done,
    stripe::{CheckoutSession, CheckoutStatus, NewCheckout},
};
use model::{
    Problem, Refusal,
    id::{CommunityId, PlanId, TierId, UserId},
    membership::PurchaseState,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
    sea_query::{Expr, OnConflict},
};

impl Shopping<'_> {
    /// The address of the open Checkout session for `wanted`; an open one for something else is expired first.
    pub(super) async fn open_checkout(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        popup: &str,
    ) -> Result<String> {
        // A row that is in the way is settled once each time around; three is more than two devices can
        // cause.
        for _ in 0..3 {
            let row = self.checkout_row(customer, connection, wanted, popup).await?;
            let wrong_one = row.price_id != wanted.price.0 || row.connection_id != connection.id.0;
            let session = if let Some(id) = &row.stripe_id {
                let answer = self.0.on(connection).checkout(id).await;
                match self.0.noticing(connection, answer).await {
                    Err(Error::Stripe(error)) if error.is_missing() => {
                        self.0.set_checkout_status(&row, CheckoutStatus::Expired).await?;
                        continue;
                    }
                    other => other?,
                }
            } else if wrong_one {
                self.give_up_unmade(&row).await?;
                continue;
            } else {
                self.create_session(customer, connection, wanted, &row).await?
            };
            match session.status {
                CheckoutStatus::Complete => {
                    self.arrive(connection, &row, &session).await?;
                    return Err(Refusal::Confirming.into());
                }
                CheckoutStatus::Expired => self.0.set_checkout_status(&row, CheckoutStatus::Expired).await?,
                CheckoutStatus::Open if wrong_one => {
                    let key = format!("expire:{}", row.id);
                    let answer = self.0.on(connection).expire_checkout(&key, &session.id).await;
                    let now = self.0.noticing(connection, answer).await?;
                    if now.status == CheckoutStatus::Complete {
                        self.arrive(connection, &row, &now).await?;
                        return Err(Refusal::Confirming.into());
                    }
                    self.0.set_checkout_status(&row, now.status).await?;
                }
                CheckoutStatus::Open => {
                    return session
                        .url
                        .ok_or_else(|| Error::inconsistent("an open checkout without an address"));
                }
            }
        }
        Err(Problem::ChangedMeanwhile.into())
    }

    /// The open row of this customer and plan; made when there is none, and the store still sells: whoever stops it (by
    /// pausing, disconnecting or archiving) has the same turn, and expires what is open afterwards.
    async fn checkout_row(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        popup: &str,
    ) -> Result<checkout::Model> {
        let now = self.0.now();
        let community = customer.community.id;
        let transaction = self.0.database().begin().await?;
        self.0
            .database()
            .serialise(&transaction, &community.to_string())
            .await?;
        still_sells(&transaction, connection, wanted.plan).await?;
        let row = checkout::ActiveModel {
            id: Set(self.0.randomness().id(now)),
            community_id: Set(customer.community.id.0),
            connection_id: Set(connection.id.0),
            user_id: Set(customer.user.user.0),
            plan_id: Set(wanted.plan.0),
            tier_id: Set(wanted.offer.tier.0),
            price_id: Set(wanted.price.0),
            stripe_id: Set(None),
            url: Set(None),
            popup: Set(crate::popup_name(popup)),
            status: Set(CheckoutStatus::Open.as_str().to_owned()),
            created_at: Set(now),
            expires_at: Set(None),
        };
        // The partial unique index decides: without a target, any conflict means that an open row is there.
        checkout::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&transaction)
            .await?;
        let row = checkout::Entity::within(customer.community.id)
            .filter(checkout::Column::UserId.eq(customer.user.user.0))
            .filter(checkout::Column::PlanId.eq(wanted.plan.0))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            .one(&transaction)
            .await?;
        transaction.commit().await?;
        row.ok_or_else(|| Problem::ChangedMeanwhile.into())
    }

    /// Another tab's wish whose session is not here yet. If it is being made at this moment, whoever makes it finds the row
    /// given up, and expires it; if it has arrived meanwhile, the row stays, to be looked at again.
    async fn give_up_unmade(&self, row: &checkout::Model) -> Result<()> {
        checkout::Entity::update_many()
            .col_expr(checkout::Column::Status, Expr::value(CheckoutStatus::Expired.as_str()))
            .filter(checkout::Column::Id.eq(row.id))
            .filter(checkout::Column::StripeId.is_null())
            .exec(self.0.database().write())
            .await?;
        Ok(())
    }

    async fn create_session(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        row: &checkout::Model,
    ) -> Result<CheckoutSession> {
        let left = format!("/c/{}", customer.community.slug);
        let paid = format!("{left}/bought?plan={}", wanted.plan);
        let key = format!("checkout:{}", row.id);
        let mut forgotten = false;
        let session = loop {
            let payer = self.0.stripe_customer(customer, connection).await?;
            let new = NewCheckout {
                customer: payer.clone(),
                price: &wanted.stripe_price,
                success_url: format!(
                    "{}&session={{CHECKOUT_SESSION_ID}}",
                    self.0.return_url(&row.popup, "paid", &paid)
                ),
                cancel_url: self.0.return_url(&row.popup, "left", &left),
                metadata: mark(customer, wanted),
                fee_percent: self.0.settings().fee_percent(),
            };
            let answer = self.0.on(connection).create_checkout(&key, new).await;
            let made = self
                .0
                .unless_customer_is_gone(customer, connection, &payer, answer, &mut forgotten)
                .await?;
            if let Some(session) = made {
                break session;
            }
        };
        let noted = checkout::Entity::update_many()
            .col_expr(checkout::Column::StripeId, Expr::value(session.id.clone()))
            .col_expr(checkout::Column::Url, Expr::value(session.url.clone()))
            .col_expr(checkout::Column::ExpiresAt, Expr::value(session.expires_at))
            .filter(checkout::Column::Id.eq(row.id))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            .exec(self.0.database().write())
            .await?;
        if noted.rows_affected == 0 {
            // Another tab wished for something else meanwhile, and has taken the row's place: two must never be payable.
            let key = format!("expire:{}", row.id);
            let answer = self.0.on(connection).expire_checkout(&key, &session.id).await;
            self.0.noticing(connection, answer).await?;
            return Err(Problem::ChangedMeanwhile.into());
        }
        Ok(session)
    }

    /// The newest checkout of the plan, as Stripe has it now. A completed one whose subscription is not here yet is
    /// fetched: the webhook may be late, or lost.
    pub(super) async fn checkout_state(&self, customer: &Customer, plan: PlanId) -> Result<PurchaseState> {
        let row = checkout::Entity::within(customer.community.id)
            .filter(checkout::Column::UserId.eq(customer.user.user.0))
            .filter(checkout::Column::PlanId.eq(plan.0))
            .order_by_desc(checkout::Column::CreatedAt)
            .one(self.0.database().read())
            .await?;
        if let Some(row) = row
            && let Some(id) = row.stripe_id.clone()
            && row.status == CheckoutStatus::Open.as_str()
        {
            let connection_id = model::id::ConnectionId(row.connection_id);
            let connection = self.0.connection(customer.community.id, connection_id).await?;
            let answer = self.0.on(&connection).checkout(&id).await;
            let session = self.0.noticing(&connection, answer).await?;
            return match session.status {
                CheckoutStatus::Open => Ok(PurchaseState::Nothing),
                CheckoutStatus::Expired => {
                    self.0.set_checkout_status(&row, CheckoutStatus::Expired).await?;
                    Ok(PurchaseState::Nothing)
                }
                CheckoutStatus::Complete => {
                    self.arrive(&connection, &row, &session).await?;
                    self.held_state(customer, plan).await
                }
            };
        }
        if let Some(held) = self.newest_held(customer, plan).await?
            && (held.row.pay_url.is_some() || held.row.open_invoice.is_some())
        {
            let connection = self.connection_of(customer, &held).await?;
            self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await?;
        }
        self.held_state(customer, plan).await
    }

    /// A payment that is still open was not made, whatever role is held meanwhile.
    async fn held_state(&self, customer: &Customer, plan: PlanId) -> Result<PurchaseState> {
        let held = self.newest_held(customer, plan).await?;
        let done = held.filter(|held| held.view.role_until.is_some() && held.view.open_invoice.is_none());
        Ok(done.map_or(PurchaseState::Nothing, |held| PurchaseState::Done {
            tier: held.view.tier,
        }))
    }

    async fn newest_held(&self, customer: &Customer, plan: PlanId) -> Result<Option<Held>> {
        let Some(connection) = self.0.current_connection(customer.community.id).await? else {
            return Ok(None);
        };
        self.0
            .held_on(&customer.community, customer.user.user, plan, connection.id)
            .await
    }

    /// A completed session brings its subscription.
    async fn arrive(&self, connection: &Connection, row: &checkout::Model, session: &CheckoutSession) -> Result<()> {
        if let Some(subscription) = &session.subscription {
            self.0.sync(connection, subscription, &Done::nothing()).await?;
        }
        self.0.set_checkout_status(row, CheckoutStatus::Complete).await
    }
}

/// Marks what we make at Stripe, so that everything else there is left alone.
pub(super) fn mark(customer: &Customer, wanted: &Wanted) -> HashMap<String, String> {
    let (community, user) = (customer.community.id, customer.user.user);
    mark_of(community, user, wanted.plan, wanted.offer.tier)
}

pub(super) fn mark_of(community: CommunityId, user: UserId, plan: PlanId, tier: TierId) -> HashMap<String, String> {
    HashMap::from([
        ("community".to_owned(), community.to_string()),
        ("plan".to_owned(), plan.to_string()),
        ("tier".to_owned(), tier.to_string()),
        ("user".to_owned(), user.to_string()),
    ])
}

/// What was looked at when the request began may be otherwise by now.
async fn still_sells(transaction: &DatabaseTransaction, connection: &Connection, plan: PlanId) -> Result<()> {
    let id = connection.community;
    let is_linked = connection::Entity::within(id)
        .filter(connection::Column::Id.eq(connection.id.0))
        .filter(connection::Column::Current.eq(true))
        .filter(connection::Column::Disconnected.eq(false))
        .count(transaction)
        .await?
        > 0;
    if !is_linked {
        return Err(Refusal::StoreNotOpen.into());
    }
    let community = community::Entity::find_by_id(id.0).one(transaction).await?;
    if community.is_none_or(|community| community.shop_paused) {
        return Err(Refusal::StorePaused.into());
    }
    let is_archived = plan::Entity::within(id)
        .filter(plan::Column::Id.eq(plan.0))
        .filter(plan::Column::Archived.eq(true))
        .count(transaction)
        .await?
        > 0;
    if is_archived {
        return Err(Refusal::PlanArchived.into());
    }
    Ok(())
}

impl Store {
    pub(crate) async fn set_checkout_status(&self, row: &checkout::Model, status: CheckoutStatus) -> Result<()> {
        let mut row = row.clone().into_active_model();
        row.status = Set(status.as_str().to_owned());
        row.update(self.database().write()).await?;
        Ok(())
    }
}
