//! Changing the tier or interval of a running subscription: a preview of what it charges, then the change. Also resuming
//! a paused one, which comes before any change of it.

use model::{
    Problem, Refusal, Timestamp,
    card::paying,
    money::Money,
    problem::UnpaidUpgrade,
    purchase::{self, Purchase, SwitchKind, SwitchPreview},
};

use super::{Held, Shopping, Wanted, checkout};
use crate::{
    actor::Customer,
    connect::Connection,
    entity::customer,
    error::{Error, Result},
    fulfillment::Done,
    stripe::{Invoice, InvoiceState, Switch},
};

/// How long a previewed amount can be confirmed.
const PREVIEW_LIFETIME: chrono::Duration = chrono::Duration::minutes(30);

impl Shopping<'_> {
    /// What a switch would charge and from when on, worked out for the moment `at`.
    pub(super) async fn preview(
        &self,
        customer: &Customer,
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
                // Another interval begins a period of its own.
                let same = held
                    .view
                    .price
                    .is_some_and(|(_, paid_by)| paid_by == wanted.offer.interval);
                let next = if same { None } else { wanted.offer.interval.after(at) };
                let next = next.unwrap_or(held.row.period_end);
                (SwitchKind::Upgrade, Money::new(due, nothing.currency), next)
            }
            Purchase::SwitchInTrial => (
                SwitchKind::InTrial,
                nothing,
                held.row.trial_end.unwrap_or(held.row.period_end),
            ),
            Purchase::ResumeFirst => {
                let answer = self.0.on(connection).preview_resume(&held.row.stripe_id).await;
                let due = self.0.noticing(connection, answer).await?;
                let price = held.view.price.map_or(nothing, |(amount, _)| amount);
                return Ok(SwitchPreview {
                    tier_label: held.view.tier_label.clone(),
                    from_label: held.view.tier_label.clone(),
                    to: wanted.offer,
                    kind: SwitchKind::Resume,
                    is_cheaper: false,
                    takes_back_ending: false,
                    due_now: Money::new(due, nothing.currency),
                    charged_to: self.charged_to(customer, connection, held).await?,
                    then: price,
                    from: at,
                    priced_at: at,
                });
            }
            _ => (SwitchKind::Downgrade, nothing, held.row.period_end),
        };
        Ok(SwitchPreview {
            tier_label: wanted.tier_label.clone(),
            from_label: held.view.tier_label.clone(),
            to: wanted.offer,
            kind,
            is_cheaper: held.facts.is_cheaper(wanted.offer),
            takes_back_ending: held.facts.will_end && kind != SwitchKind::InTrial,
            charged_to: if due_now.minor > 0 {
                self.charged_to(customer, connection, held).await?
            } else {
                None
            },
            due_now,
            then: wanted.offer.amount,
            from,
            priced_at: at,
        })
    }

    /// The saved payment method that pays this subscription, as people know it. Right after a purchase the event that tells of
    /// it may be on its way: then Stripe is asked.
    async fn charged_to(&self, customer: &Customer, connection: &Connection, held: &Held) -> Result<Option<String>> {
        let known = self.0.customer_row(customer, connection).await?;
        let pays = named_card(held, known.as_ref())?;
        match known {
            Some(row) if pays.is_none() => {
                self.0.read_customer(connection, row).await?;
                let row = self.0.customer_row(customer, connection).await?;
                named_card(held, row.as_ref())
            }
            _ => Ok(pays),
        }
    }

    pub(super) async fn switch(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        due_now: i64,
        priced_at: i64,
    ) -> Result<()> {
        let held = self.held_now(customer, wanted.plan, connection).await?;
        let purchase = purchase::decide(held.as_ref().map(|held| held.facts), wanted.offer)?;
        let held = held.ok_or(Refusal::NothingPending)?;
        let at = chrono::DateTime::from_timestamp(priced_at, 0).ok_or(Refusal::PriceNotShown)?;
        let age = self.0.now() - at;
        if age < chrono::Duration::seconds(-5) || age > PREVIEW_LIFETIME {
            return Err(Refusal::PriceNotShown.into());
        }
        match purchase {
            Purchase::Upgrade => {
                let held = self.without_unpaid_change(connection, held).await?;
                let at = at.max(held.row.period_start);
                let due = self
                    .preview(customer, connection, &held, wanted, purchase, at)
                    .await?
                    .due_now;
                if due.minor != due_now {
                    return Err(Refusal::PriceNotShown.into());
                }
                self.upgrade(customer, connection, held, wanted, at).await
            }
            Purchase::SwitchInTrial => self.switch_in_trial(customer, connection, held, wanted).await,
            Purchase::Downgrade => {
                let held = self.without_unpaid_change(connection, held).await?;
                self.downgrade(connection, &held, wanted).await
            }
            Purchase::ResumeFirst => {
                let due = self
                    .preview(customer, connection, &held, wanted, purchase, at)
                    .await?
                    .due_now;
                if due.minor != due_now {
                    return Err(Refusal::PriceNotShown.into());
                }
                self.resume(connection, held).await
            }
            _ => Err(Refusal::PaymentDue.into()),
        }
    }

    /// Now, prorated, invoiced at once, and only if it can be paid. Who pays for more wants to go on: what was set to end
    /// is kept, and a downgrade that waited is dropped. Both only once it is paid, which may be later, on Stripe's page; one
    /// that is not paid leaves all as it was. `cancel_at_period_end` goes into the same call; `cancel_at` cannot
    /// (<https://docs.stripe.com/billing/subscriptions/pending-updates-reference>), and is cleared after the payment, which a
    /// job sees to when nobody else does.
    async fn upgrade(
        &self,
        customer: &Customer,
        connection: &Connection,
        held: Held,
        wanted: &Wanted,
        at: Timestamp,
    ) -> Result<()> {
        let set_aside = self.0.set_aside_for_upgrade(connection, &held.row).await?;
        // A schedule refuses pending updates.
        let held = self.without_schedule(connection, held).await?;
        let switch = Switch {
            subscription: &held.row.stripe_id,
            item: &held.row.item_id,
            price: &wanted.stripe_price,
            metadata: checkout::mark(customer, wanted),
            charged: true,
            keeps: held.row.cancel_at_period_end,
            proration_date: Some(at),
        };
        let key = format!("switch:{}:{}:{}", held.row.id, held.row.revision, wanted.price);
        let answer = self.0.on(connection).switch(&key, switch).await;
        let refused_card = matches!(&answer, Err(error) if error.is_card_error());
        let waits = refused_card || self.0.noticing(connection, answer).await?.pending_update.is_some();
        if waits {
            self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
            if let Some(set_aside) = set_aside.as_ref().filter(|aside| !aside.is_dated_end()) {
                self.0.bring_back(connection, set_aside).await?;
                self.0.forget_set_aside(&connection.account, held.row.id).await?;
            }
            return Err(self.not_taken(held, wanted).await?);
        }
        if held.row.cancel_at.is_some() && !held.row.cancel_at_period_end {
            self.take_ending_back(connection, &held, &format!("keep_for_{key}"))
                .await?;
        }
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
        self.0.forget_set_aside(&connection.account, held.row.id).await
    }

    /// What the customer is told of an upgrade whose payment was not taken. A change that waited before it came back in its
    /// place: then nothing is left to pay.
    async fn not_taken(&self, held: Held, wanted: &Wanted) -> Result<Error> {
        let same_tier = held.view.tier == Some(wanted.offer.tier);
        let row = self.0.held_again(held).await?.row;
        Ok(match (crate::letters::open_invoice(&row)?, row.unpaid_until) {
            (Some(invoice), Some(until)) => Problem::UpgradeWaits(UnpaidUpgrade {
                amount: invoice.amount,
                same_tier,
                trouble: invoice.trouble,
                until,
            })
            .into(),
            _ => Refusal::PaymentNotTaken.into(),
        })
    }

    /// Without proration: the trial goes on.
    async fn switch_in_trial(
        &self,
        customer: &Customer,
        connection: &Connection,
        held: Held,
        wanted: &Wanted,
    ) -> Result<()> {
        let held = self.without_schedule(connection, held).await?;
        let switch = Switch {
            subscription: &held.row.stripe_id,
            item: &held.row.item_id,
            price: &wanted.stripe_price,
            metadata: checkout::mark(customer, wanted),
            charged: false,
            keeps: false,
            proration_date: None,
        };
        let key = format!("switch:{}:{}:{}", held.row.id, held.row.revision, wanted.price);
        let answer = self.0.on(connection).switch(&key, switch).await;
        self.0.noticing(connection, answer).await?;
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await
    }

    /// At the period's end, by a schedule. A subscription that is set to end has to be kept before it can change; unless the
    /// change stands then, it ends as it was to.
    async fn downgrade(&self, connection: &Connection, held: &Held, wanted: &Wanted) -> Result<()> {
        let set_aside = self.0.set_ending_aside(connection, &held.row).await?;
        if held.facts.will_end {
            let key = format!("keep_for_downgrade:{}:{}", held.row.id, held.row.revision);
            self.take_ending_back(connection, held, &key).await?;
        }
        let scheduled = self
            .0
            .schedule_change(connection, &held.row, wanted.price.0, "downgrade")
            .await;
        // A refusal leaves it as it was. When nobody knows what became of it, the job that remembers it sees to that.
        let is_refused = matches!(&scheduled, Err(Error::Stripe(error)) if error.is_definite());
        if scheduled.is_err() && !is_refused {
            return scheduled;
        }
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
        self.0.bring_back(connection, &set_aside).await?;
        self.0.forget_set_aside(&connection.account, held.row.id).await?;
        scheduled
    }

    /// Goes on after a pause. When its payment is refused, it stays paused, and the payment is open. A renewal that was not
    /// paid, which is why it was paused, is not to be paid beside the new period: nothing was had for it.
    async fn resume(&self, connection: &Connection, held: Held) -> Result<()> {
        self.void_what_paused(connection, &held.row.stripe_id).await?;
        let key = format!("resume:{}:{}", held.row.id, held.row.revision);
        let answer = self.0.on(connection).resume(&key, &held.row.stripe_id).await;
        let refused_card = matches!(&answer, Err(error) if error.is_card_error());
        if !refused_card {
            self.0.noticing(connection, answer).await?;
        }
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
        let held = self.0.held_again(held).await?;
        if held.row.status == model::subscription::SubscriptionStatus::Paused.as_str() {
            return Err(Refusal::ResumeNotPaid.into());
        }
        Ok(())
    }

    async fn void_what_paused(&self, connection: &Connection, id: &str) -> Result<()> {
        let stripe = self.0.on(connection);
        let now = self.0.noticing(connection, stripe.subscription(id).await).await?;
        let Some(paused) = now.paused.filter(|paused| paused.is_unpaid) else {
            return Ok(());
        };
        let invoices = self.0.noticing(connection, stripe.invoices_of(id).await).await?;
        let before = |invoice: &&Invoice| invoice.state == InvoiceState::Open && invoice.created < paused.at;
        for invoice in invoices.iter().filter(before) {
            let key = format!("void:{}", invoice.id);
            let answer = stripe.void_invoice(&key, &invoice.id).await;
            self.0.noticing(connection, answer).await?;
        }
        Ok(())
    }

    /// A schedule refuses other changes of the subscription, so it is released first.
    pub(super) async fn without_schedule(&self, connection: &Connection, held: Held) -> Result<Held> {
        if held.row.schedule_id.is_none() {
            return Ok(held);
        }
        self.0.release(connection, &held.row).await?;
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
        self.0.held_again(held).await
    }

    /// An upgrade that waits for its payment refuses the next one.
    pub(super) async fn without_unpaid_change(&self, connection: &Connection, held: Held) -> Result<Held> {
        if held.row.unpaid_until.is_none() {
            return Ok(held);
        }
        self.0.drop_unpaid_change(connection, &held.row).await?;
        self.0.held_again(held).await
    }
}

fn named_card(held: &Held, row: Option<&customer::Model>) -> Result<Option<String>> {
    let cards = row.map(crate::cards::saved).transpose()?.unwrap_or_default();
    Ok(paying(&held.view, &cards).map(ToString::to_string))
}
