//! Shopping: subscribing, switching, cancelling, renewing, resuming. Policy: a customer, for themselves.
//!
//! What a wish means is decided by `model::purchase`; what came of it is always read back from Stripe and projected. What a
//! customer asks for on one plan is worked alone ([`crate::lease`]), so that two tabs and two devices end with one
//! subscription and one charge.

use model::{
    Problem, Refusal,
    catalog::ShopState,
    id::{ConnectionId, PlanId, TierId},
    interval::Interval,
    membership::{MembershipView, PurchaseState},
    popup::PopupAddress,
    purchase::{Outcome, SwitchPreview},
};

use crate::{Store, actor::Customer, connect::Connection, error::Result, fulfillment::Done};

mod buying;
mod checkout;
mod ending;
mod held;
mod membership;
mod paying;
mod stripe_customer;
mod switching;
mod waiting_change;
mod wanted;

pub(crate) use held::Held;
pub(crate) use waiting_change::{BROUGHT_BACK_AFTER, SetAside, Was};
use wanted::Wanted;

/// The service; made by [`Store::shopping`].
pub struct Shopping<'a>(pub(crate) &'a Store);

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
        let buying = Box::pin(self.buy(customer, &connection, &wanted, popup));
        self.0.alone_on_plan(customer.user.user, wanted.plan, buying).await
    }

    /// What switching to this tier would do, or going on after a pause, to be confirmed: the same as `subscribe` says, where that
    /// has something to confirm. No page of Stripe's is opened by it.
    ///
    /// # Errors
    /// The refusals of the buying table; `Refusal::PaymentDue` when a payment comes first, `Refusal::NothingToSwitch` when it
    /// would be a new subscription; `Problem::NotFound`; what Stripe says.
    pub async fn preview_switch(&self, customer: &Customer, tier: TierId, interval: Interval) -> Result<SwitchPreview> {
        let connection = self.0.serving_connection(&customer.community).await?;
        let wanted = self.wanted(customer, &connection, tier, interval).await?;
        let looking = Box::pin(self.only_previewed(customer, &connection, &wanted));
        self.0.alone_on_plan(customer.user.user, wanted.plan, looking).await
    }

    /// Does the switch that was previewed at `priced_at` (seconds since the epoch) with `due_now` minor units.
    ///
    /// # Errors
    /// `Refusal::PriceNotShown` when the amount is another one by now; `Problem::UpgradeWaits` (or `Refusal::PaymentNotTaken`
    /// when it does not wait), and the tier stays.
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
        let switching = Box::pin(self.switch(customer, &connection, &wanted, due_now, priced_at));
        self.0.alone_on_plan(customer.user.user, wanted.plan, switching).await
    }

    /// Trialing and active: ends with its period. With a payment open: ends now, and its open invoices are voided.
    ///
    /// # Errors
    /// `Refusal::NothingToCancel`, `Refusal::AlreadyEnding`; what Stripe says.
    pub async fn cancel(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let cancelling = Box::pin(self.end(customer, plan, None));
        self.0.alone_on_plan(customer.user.user, plan, cancelling).await
    }

    /// The same, as the customer was told before that it would be: at once, or with its period.
    ///
    /// # Errors
    /// As well: `Problem::ChangedMeanwhile` when it would be otherwise by now, and nothing is done.
    pub async fn cancel_as_shown(&self, customer: &Customer, plan: PlanId, at_once: bool) -> Result<()> {
        let cancelling = Box::pin(self.end(customer, plan, Some(at_once)));
        self.0.alone_on_plan(customer.user.user, plan, cancelling).await
    }

    /// Takes a cancellation back.
    ///
    /// # Errors
    /// `Refusal::NotEnding`; what Stripe says.
    pub async fn renew(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let renewing = Box::pin(self.keep(customer, plan));
        self.0.alone_on_plan(customer.user.user, plan, renewing).await
    }

    /// Drops what waits: a change at the period's end, or an upgrade that was not paid.
    ///
    /// # Errors
    /// `Refusal::NothingPending`; what Stripe says.
    pub async fn drop_pending_change(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let dropping = Box::pin(self.drop_change(customer, plan));
        self.0.alone_on_plan(customer.user.user, plan, dropping).await
    }

    /// Where the open invoice can be paid.
    ///
    /// # Errors
    /// `Refusal::NothingPending` when no payment is open.
    pub async fn pay_open_invoice(&self, customer: &Customer, plan: PlanId) -> Result<PopupAddress> {
        let paying = Box::pin(async {
            let (connection, held) = self.holding(customer, plan).await?;
            let url = self.payable(&connection, held).await?;
            Ok(PopupAddress { url })
        });
        self.0.alone_on_plan(customer.user.user, plan, paying).await
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

    /// The customer's subscription on a plan, which is not over and on the account that is connected now.
    async fn holding(&self, customer: &Customer, plan: PlanId) -> Result<(Connection, Held)> {
        let connection = self.0.serving_connection(&customer.community).await?;
        self.held_on_it(customer, plan, connection).await
    }

    /// The same, to cancel it or drop what waits: also while the account takes no payments.
    async fn holding_to_leave(&self, customer: &Customer, plan: PlanId) -> Result<(Connection, Held)> {
        let connection = self.0.reachable_connection(&customer.community).await?;
        self.held_on_it(customer, plan, connection).await
    }

    async fn held_on_it(
        &self,
        customer: &Customer,
        plan: PlanId,
        connection: Connection,
    ) -> Result<(Connection, Held)> {
        let held = self
            .held_now(customer, plan, &connection)
            .await?
            .filter(|held| !held.facts.status.is_over())
            .ok_or(Refusal::NothingToCancel)?;
        Ok((connection, held))
    }

    /// What the customer has on the plan, as Stripe has it at this moment: what ends or charges something is not decided by
    /// what a late event has not told yet.
    async fn held_now(&self, customer: &Customer, plan: PlanId, connection: &Connection) -> Result<Option<Held>> {
        let (community, user) = (&customer.community, customer.user.user);
        let held = self.0.held_on(community, user, plan, connection.id).await?;
        match &held {
            Some(known) if !known.facts.status.is_over() => {
                self.0.sync(connection, &known.row.stripe_id, &Done::nothing()).await?;
                self.0.held_on(community, user, plan, connection.id).await
            }
            _ => Ok(held),
        }
    }

    async fn connection_of(&self, customer: &Customer, held: &Held) -> Result<Connection> {
        let id = ConnectionId(held.row.connection_id);
        self.0.connection(customer.community.id, id).await
    }
}

/// New sales need an open shop.
fn may_sell(customer: &Customer, connection: &Connection) -> Result<(), Refusal> {
    match shop_state(connection, customer.community.shop_paused) {
        ShopState::Open => Ok(()),
        ShopState::Paused => Err(Refusal::StorePaused),
        ShopState::NotYet | ShopState::Closed => Err(Refusal::StoreNotOpen),
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

/// For a refusal of the wrong table.
fn instead(error: crate::Error, found: Refusal, told: Refusal) -> crate::Error {
    match error {
        crate::Error::Problem(Problem::Refused(refusal)) if refusal == found => told.into(),
        other => other,
    }
}
