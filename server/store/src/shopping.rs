//! Shopping: subscribing, switching, cancelling, renewing. Policy: a customer, for themselves.
//!
//! What a wish means is decided by `model::purchase`; what came of it is always read back from Stripe and projected.

use model::{
    Problem, Refusal, Timestamp,
    catalog::ShopState,
    id::{PlanId, PriceId, TierId},
    interval::Interval,
    membership::{MembershipView, PurchaseState},
    money::Money,
    popup::PopupAddress,
    purchase::{self, Offer, Outcome, Purchase, SwitchKind, SwitchPreview},
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    Store,
    actor::Customer,
    connect::Connection,
    entity::{Scoped, plan, price, tier},
    error::{Error, Result},
    fulfillment::Done,
    stripe::{Downgrade, Switch},
};

mod checkout;
mod held;
mod membership;

pub(crate) use held::Held;

/// How long a previewed amount can be confirmed.
const PREVIEW_LIFETIME: chrono::Duration = chrono::Duration::minutes(30);

/// The service; made by [`Store::shopping`].
pub struct Shopping<'a>(pub(crate) &'a Store);

/// A tier at an interval that can be bought now, with the rows that say so.
struct Wanted {
    plan: PlanId,
    tier_label: String,
    offer: Offer,
    price: PriceId,
    stripe_price: String,
}

impl Shopping<'_> {
    /// "I want this tier": an address to go on at, or what a switch would do. Nothing is charged by this.
    ///
    /// # Errors
    /// The refusals of the buying table; `Problem::NotFound`; what Stripe says.
    pub async fn subscribe(
        &self,
        customer: &Customer,
        tier: TierId,
        interval: Interval,
        popup: &str,
    ) -> Result<Outcome> {
        let connection = self.0.serving_connection(&customer.community).await?;
        let wanted = self.wanted(customer, &connection, tier, interval).await?;
        let held = self
            .0
            .held_on(&customer.community, customer.user.user, wanted.plan)
            .await?;
        let purchase = purchase::decide(held.as_ref().map(|held| held.facts), wanted.offer)?;
        match (purchase, held) {
            (Purchase::Checkout, _) => self.go_to_checkout(customer, &connection, &wanted, popup).await,
            (Purchase::CancelThenCheckout | Purchase::ReplaceIncomplete, Some(held)) => {
                may_sell(customer, &connection)?;
                self.end_now(&connection, &held).await?;
                self.go_to_checkout(customer, &connection, &wanted, popup).await
            }
            (Purchase::FinishPayment | Purchase::SettleFirst | Purchase::ResumeFirst, Some(held)) => {
                let url = held.row.pay_url.ok_or(Refusal::PaymentDue)?;
                Ok(Outcome::GoTo { url })
            }
            (Purchase::SwitchInTrial | Purchase::Upgrade | Purchase::Downgrade, Some(held)) => {
                let preview = self
                    .preview(&connection, &held, &wanted, purchase, self.0.now())
                    .await?;
                Ok(Outcome::Confirm(preview))
            }
            (_, None) => Err(Error::inconsistent("a switch without a subscription")),
        }
    }

    async fn go_to_checkout(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        popup: &str,
    ) -> Result<Outcome> {
        may_sell(customer, connection)?;
        let url = self.open_checkout(customer, connection, wanted, popup).await?;
        Ok(Outcome::GoTo { url })
    }

    async fn wanted(
        &self,
        customer: &Customer,
        connection: &Connection,
        id: TierId,
        interval: Interval,
    ) -> Result<Wanted> {
        let community = &customer.community;
        let read = self.0.database().read();
        let tier = tier::Entity::within(community.id)
            .filter(tier::Column::Id.eq(id.0))
            .one(read)
            .await?
            .ok_or_else(|| Problem::not_found("tier"))?;
        let plan = plan::Entity::within(community.id)
            .filter(plan::Column::Id.eq(tier.plan_id))
            .one(read)
            .await?
            .ok_or_else(|| Problem::not_found("plan"))?;
        if plan.archived {
            return Err(Refusal::PlanArchived.into());
        }
        if !tier.active {
            return Err(Refusal::TierInactive.into());
        }
        let price = price::Entity::within(community.id)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::TierId.eq(tier.id))
            .filter(price::Column::Interval.eq(interval.as_str()))
            .filter(price::Column::Active.eq(true))
            .one(read)
            .await?
            .ok_or(Refusal::PriceOld)?;
        let (interval, amount) = crate::planning::price_of(&price)?;
        Ok(Wanted {
            plan: PlanId(plan.id),
            tier_label: tier.label,
            offer: Offer {
                tier: id,
                interval,
                amount,
            },
            price: PriceId(price.id),
            stripe_price: price.stripe_id.ok_or(Refusal::PriceOld)?,
        })
    }

    /// What a switch would charge and from when on, worked out for the moment `at`.
    async fn preview(
        &self,
        connection: &Connection,
        held: &Held,
        wanted: &Wanted,
        purchase: Purchase,
        at: Timestamp,
    ) -> Result<SwitchPreview> {
        let nothing = Money::new(0, wanted.offer.amount.currency);
        let (kind, due_now, from) = match purchase {
            Purchase::Upgrade => {
                let answer = self
                    .0
                    .on(connection)
                    .preview_switch(&held.row.stripe_id, &held.row.item_id, &wanted.stripe_price, at)
                    .await;
                let due = self.0.noticing(connection, answer).await?;
                (SwitchKind::Upgrade, Money::new(due, nothing.currency), at)
            }
            Purchase::SwitchInTrial => (
                SwitchKind::InTrial,
                nothing,
                held.row.trial_end.unwrap_or(held.row.period_end),
            ),
            _ => (SwitchKind::Downgrade, nothing, held.row.period_end),
        };
        Ok(SwitchPreview {
            tier_label: wanted.tier_label.clone(),
            from_label: held.view.tier_label.clone(),
            to: wanted.offer,
            kind,
            due_now,
            then: wanted.offer.amount,
            from,
            priced_at: at,
        })
    }

    /// Does the switch that was previewed at `priced_at` (seconds since the epoch) with `due_now` minor units.
    ///
    /// # Errors
    /// `Refusal::PriceNotShown` when the amount is another one by now; `Refusal::PaymentNotTaken`, and the tier stays.
    pub async fn confirm_switch(
        &self,
        customer: &Customer,
        tier: TierId,
        interval: Interval,
        due_now: i64,
        priced_at: i64,
    ) -> Result<()> {
        let connection = self.0.serving_connection(&customer.community).await?;
        let wanted = self.wanted(customer, &connection, tier, interval).await?;
        let held = self
            .0
            .held_on(&customer.community, customer.user.user, wanted.plan)
            .await?;
        let purchase = purchase::decide(held.as_ref().map(|held| held.facts), wanted.offer)?;
        let held = held.ok_or(Refusal::NothingPending)?;
        let at = chrono::DateTime::from_timestamp(priced_at, 0).ok_or(Refusal::PriceNotShown)?;
        let age = self.0.now() - at;
        if age < chrono::Duration::seconds(-5) || age > PREVIEW_LIFETIME {
            return Err(Refusal::PriceNotShown.into());
        }
        let metadata = checkout::mark(customer, &wanted);
        match purchase {
            Purchase::Upgrade | Purchase::SwitchInTrial => {
                let charged = purchase == Purchase::Upgrade;
                let at = at.max(held.row.period_start);
                if charged
                    && self
                        .preview(&connection, &held, &wanted, purchase, at)
                        .await?
                        .due_now
                        .minor
                        != due_now
                {
                    return Err(Refusal::PriceNotShown.into());
                }
                let held = self.without_schedule(&connection, held).await?;
                let switch = Switch {
                    subscription: &held.row.stripe_id,
                    item: &held.row.item_id,
                    price: &wanted.stripe_price,
                    metadata,
                    charged,
                    proration_date: charged.then_some(at),
                };
                let key = format!("switch:{}:{}:{}", held.row.id, held.row.revision, wanted.price);
                let answer = self.0.on(&connection).switch(&key, switch).await;
                let refused_card = matches!(&answer, Err(error) if error.is_card_error());
                let waits = if refused_card {
                    true
                } else {
                    self.0.noticing(&connection, answer).await?.has_pending_update
                };
                self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await?;
                if waits {
                    Err(Refusal::PaymentNotTaken.into())
                } else {
                    Ok(())
                }
            }
            Purchase::Downgrade => {
                let current = held.row.price_id.ok_or(Refusal::PriceOld)?;
                let current = price::Entity::within(customer.community.id)
                    .filter(price::Column::Id.eq(current))
                    .one(self.0.database().read())
                    .await?
                    .and_then(|row| row.stripe_id)
                    .ok_or(Refusal::PriceOld)?;
                let downgrade = Downgrade {
                    subscription: &held.row.stripe_id,
                    current_price: &current,
                    price: &wanted.stripe_price,
                    period_start: held.row.period_start,
                    period_end: held.row.period_end,
                    metadata,
                    fee_percent: self.0.settings().fee_percent(),
                };
                let key = format!("downgrade:{}:{}:{}", held.row.id, held.row.revision, wanted.price);
                let attached = held.row.schedule_id.as_deref();
                // A subscription that is set to end has to be kept before it can change.
                if held.facts.will_end {
                    let keep = format!("keep_for_{key}");
                    self.take_ending_back(&connection, &held, &keep).await?;
                }
                let answer = self
                    .0
                    .on(&connection)
                    .schedule_downgrade(&key, attached, &downgrade)
                    .await;
                self.0.noticing(&connection, answer).await?;
                self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await
            }
            _ => Err(Refusal::PaymentDue.into()),
        }
    }

    /// Trialing and active: ends with its period. With a payment open: ends now, and its open invoice is voided.
    ///
    /// # Errors
    /// `Refusal::NothingToCancel`, `Refusal::AlreadyEnding`; what Stripe says.
    pub async fn cancel(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let (connection, held) = self.holding(customer, plan).await?;
        match held.facts.status {
            SubscriptionStatus::Trialing | SubscriptionStatus::Active if held.facts.will_end => {
                Err(Refusal::AlreadyEnding.into())
            }
            SubscriptionStatus::Trialing | SubscriptionStatus::Active => {
                let held = self.without_schedule(&connection, held).await?;
                let key = format!("end:{}:{}", held.row.id, held.row.revision);
                let answer = self.0.on(&connection).end_with_period(&key, &held.row.stripe_id).await;
                self.0.noticing(&connection, answer).await?;
                self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await
            }
            _ => self.end_now(&connection, &held).await,
        }
    }

    /// Takes a cancellation back.
    ///
    /// # Errors
    /// `Refusal::NotEnding`; what Stripe says.
    pub async fn renew(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let (connection, held) = self.holding(customer, plan).await.map_err(|error| match error {
            Error::Problem(Problem::Refused(Refusal::NothingToCancel)) => Refusal::NotEnding.into(),
            other => other,
        })?;
        let keeps = matches!(
            held.facts.status,
            SubscriptionStatus::Trialing | SubscriptionStatus::Active
        );
        if !keeps || !held.facts.will_end {
            return Err(Refusal::NotEnding.into());
        }
        let key = format!("keep:{}:{}", held.row.id, held.row.revision);
        self.take_ending_back(&connection, &held, &key).await?;
        self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await
    }

    /// Whichever of the two ways of ending is set is cleared (STATES: Renew).
    async fn take_ending_back(&self, connection: &Connection, held: &Held, key: &str) -> Result<()> {
        let (stripe, id) = (self.0.on(connection), &held.row.stripe_id);
        let answer = if held.row.cancel_at_period_end {
            stripe.keep(key, id).await
        } else {
            stripe.keep_without_date(key, id).await
        };
        self.0.noticing(connection, answer).await.map(drop)
    }

    /// Drops a change that waits for the period's end.
    ///
    /// # Errors
    /// `Refusal::NothingPending`; what Stripe says.
    pub async fn drop_pending_change(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let (connection, held) = self.holding(customer, plan).await?;
        if held.row.schedule_id.is_none() {
            return Err(Refusal::NothingPending.into());
        }
        self.without_schedule(&connection, held).await.map(drop)
    }

    /// Where the open invoice can be paid.
    ///
    /// # Errors
    /// `Refusal::NothingPending` when no payment is open.
    pub async fn pay_open_invoice(&self, customer: &Customer, plan: PlanId) -> Result<PopupAddress> {
        let (connection, held) = self.holding(customer, plan).await?;
        self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await?;
        let (_, held) = self.holding(customer, plan).await?;
        let url = held.row.pay_url.ok_or(Refusal::NothingPending)?;
        Ok(PopupAddress { url })
    }

    /// What became of a purchase whose popup is over.
    ///
    /// # Errors
    /// What Stripe says.
    pub async fn purchase_state(&self, customer: &Customer, plan: PlanId) -> Result<PurchaseState> {
        self.checkout_state(customer, plan).await
    }

    /// The membership page.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn membership(&self, customer: &Customer) -> Result<MembershipView> {
        self.membership_view(customer).await
    }

    /// The customer's subscription on a plan, which is not over, with the connection it is on.
    async fn holding(&self, customer: &Customer, plan: PlanId) -> Result<(Connection, Held)> {
        let held = self.0.held_on(&customer.community, customer.user.user, plan).await?;
        let held = held
            .filter(|held| !held.facts.status.is_over())
            .ok_or(Refusal::NothingToCancel)?;
        let connection = self
            .0
            .connection(customer.community.id, model::id::ConnectionId(held.row.connection_id))
            .await?;
        Ok((connection, held))
    }

    /// A schedule refuses other changes of the subscription, so it is released first.
    async fn without_schedule(&self, connection: &Connection, held: Held) -> Result<Held> {
        let Some(schedule) = &held.row.schedule_id else {
            return Ok(held);
        };
        let key = format!("release:{schedule}");
        let answer = self.0.on(connection).release_schedule(&key, schedule).await;
        self.0.noticing(connection, answer).await?;
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
        self.0.held_again(held).await
    }

    /// Ends a subscription now, then voids its open invoice: Stripe alone only stops collecting.
    async fn end_now(&self, connection: &Connection, held: &Held) -> Result<()> {
        let stripe = self.0.on(connection);
        let key = format!("cancel:{}", held.row.id);
        let answer = stripe.cancel_now(&key, &held.row.stripe_id, false).await;
        let ended = self.0.noticing(connection, answer).await?;
        if let Some(invoice) = ended.latest_invoice.filter(|invoice| invoice.is_open) {
            let answer = stripe.void_invoice(&format!("void:{}", invoice.id), &invoice.id).await;
            self.0.noticing(connection, answer).await?;
        }
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await
    }
}

/// New sales need an open shop.
fn may_sell(customer: &Customer, connection: &Connection) -> Result<(), Refusal> {
    match shop_state(connection, customer.community.shop_paused) {
        ShopState::Open => Ok(()),
        ShopState::Paused => Err(Refusal::StorePaused),
        ShopState::Closed => Err(Refusal::StoreNotOpen),
    }
}

/// What the shop says to customers.
fn shop_state(connection: &Connection, paused: bool) -> ShopState {
    match connection.status(paused) {
        model::account::AccountStatus::Ready { .. } => ShopState::Open,
        model::account::AccountStatus::Paused => ShopState::Paused,
        _ => ShopState::Closed,
    }
}
