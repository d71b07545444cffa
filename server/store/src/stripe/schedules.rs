//! Subscription schedules: how a downgrade waits for the period's end
//! (<https://docs.stripe.com/billing/subscriptions/subscription-schedules>).

use chrono::DateTime;
use model::Timestamp;
use stripe_billing::subscription::RetrieveSubscription;
use stripe_billing::subscription_schedule::{
    CreateSubscriptionSchedule, ReleaseSubscriptionSchedule, RetrieveSubscriptionSchedule, UpdateSubscriptionSchedule,
    UpdateSubscriptionScheduleDefaultSettings,
};
use stripe_shared::{
    SubscriptionId, SubscriptionSchedule, SubscriptionScheduleEndBehavior, SubscriptionScheduleId,
    SubscriptionScheduleStatus,
};

use super::{OnAccount, StripeError};
use phase::phase;

mod phase;

/// A change that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScheduledChange {
    /// `sub_…`, while it is attached to one.
    pub subscription: Option<String>,
    /// The price the subscription changes to, and when; none when no later phase is left.
    pub next: Option<(String, Timestamp)>,
}

/// From the current price to `price` when the current period ends.
#[derive(Debug, Clone)]
pub(crate) struct Downgrade<'a> {
    pub subscription: &'a str,
    pub current_price: &'a str,
    pub price: &'a str,
    pub period_start: Timestamp,
    pub period_end: Timestamp,
    pub metadata: std::collections::HashMap<String, String>,
}

impl OnAccount {
    /// Two calls, as Stripe wants it: a schedule is made from the subscription, then gets its phases. `attached` is the
    /// schedule the subscription has already.
    pub(crate) async fn schedule_downgrade(
        &self,
        key: &str,
        attached: Option<&str>,
        change: &Downgrade<'_>,
    ) -> Result<ScheduledChange, StripeError> {
        let schedule = if let Some(schedule) = attached {
            SubscriptionScheduleId::from(schedule)
        } else {
            let create = CreateSubscriptionSchedule::new().from_subscription(change.subscription);
            let attached = self.attached_schedule(change.subscription);
            self.create(&format!("{key}:create"), &create, attached).await?.id
        };
        let current = self.read(&RetrieveSubscriptionSchedule::new(schedule.clone())).await?;
        // An attached schedule may have phases behind it: what is rewritten begins with the one that runs.
        let start = current
            .current_phase
            .map_or(change.period_start.timestamp(), |phase| phase.start_date);
        let running = current.phases.iter().find(|phase| phase.start_date == start);
        let update = UpdateSubscriptionSchedule::new(schedule)
            .end_behavior(SubscriptionScheduleEndBehavior::Release)
            .phases(vec![
                phase(
                    change,
                    running,
                    change.current_price,
                    Some(start),
                    Some(change.period_end),
                ),
                phase(change, running, change.price, None, None),
            ]);
        Ok(scheduled(&self.write(&format!("{key}:phases"), &update).await?))
    }

    /// A schedule that was made from a subscription is attached to it, and there is never more than one.
    async fn attached_schedule(&self, subscription: &str) -> Result<Option<SubscriptionSchedule>, StripeError> {
        let request = RetrieveSubscription::new(SubscriptionId::from(subscription));
        let Some(schedule) = self.read(&request).await?.schedule else {
            return Ok(None);
        };
        let request = RetrieveSubscriptionSchedule::new(schedule.id().clone());
        self.read(&request).await.map(Some)
    }

    pub(crate) async fn schedule(&self, id: &str) -> Result<ScheduledChange, StripeError> {
        Ok(scheduled(
            &self
                .read(&RetrieveSubscriptionSchedule::new(SubscriptionScheduleId::from(id)))
                .await?,
        ))
    }

    /// The payment method of the phases to come.
    pub(crate) async fn set_schedule_card(&self, key: &str, id: &str, method: &str) -> Result<(), StripeError> {
        let mut defaults = UpdateSubscriptionScheduleDefaultSettings::new();
        defaults.default_payment_method = Some(method.to_owned());
        let request = UpdateSubscriptionSchedule::new(SubscriptionScheduleId::from(id)).default_settings(defaults);
        self.write(key, &request).await.map(drop)
    }

    /// Drops the waiting change; the subscription goes on as it is. One that is over already does nothing any more.
    pub(crate) async fn release_schedule(&self, key: &str, id: &str) -> Result<(), StripeError> {
        let id = SubscriptionScheduleId::from(id);
        match self.write(key, &ReleaseSubscriptionSchedule::new(id.clone())).await {
            Err(error) if error.is_definite() && !error.is_account_gone() => {
                let now = self.read(&RetrieveSubscriptionSchedule::new(id)).await?;
                match now.status {
                    SubscriptionScheduleStatus::NotStarted | SubscriptionScheduleStatus::Active => Err(error),
                    _ => Ok(()),
                }
            }
            released => released.map(drop),
        }
    }
}

fn scheduled(schedule: &SubscriptionSchedule) -> ScheduledChange {
    let current_end = schedule.current_phase.as_ref().map(|phase| phase.end_date);
    let next = current_end.and_then(|end| {
        let phase = schedule.phases.iter().find(|phase| phase.start_date >= end)?;
        let price = phase.items.first()?.price.id().to_string();
        Some((price, DateTime::from_timestamp(phase.start_date, 0)?))
    });
    ScheduledChange {
        subscription: schedule
            .subscription
            .as_ref()
            .map(|subscription| subscription.id().to_string()),
        next,
    }
}
