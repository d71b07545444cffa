//! Subscriptions: reading them for the projection, switching, ending and renewing them
//! (<https://docs.stripe.com/api/subscriptions>).

use std::collections::HashMap;

use chrono::DateTime;
use model::{Timestamp, subscription::SubscriptionStatus};
use serde::Serialize;
use stripe_billing::subscription::{
    CancelSubscription, RetrieveSubscription, UpdateSubscription, UpdateSubscriptionItems,
    UpdateSubscriptionPaymentBehavior, UpdateSubscriptionProrationBehavior,
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_shared::{InvoiceStatus, Subscription, SubscriptionId};

use super::{OnAccount, StripeError};

/// A subscription as Stripe has it, as far as the projection needs it. Times in UTC.
#[derive(Debug, Clone)]
pub(crate) struct StripeSubscription {
    pub id: String,
    pub customer: String,
    pub metadata: HashMap<String, String>,
    pub status: SubscriptionStatus,
    pub created: Timestamp,
    pub items: Vec<Item>,
    pub trial_end: Option<Timestamp>,
    pub cancel_at_period_end: bool,
    pub cancel_at: Option<Timestamp>,
    pub schedule: Option<String>,
    pub latest_invoice: Option<LatestInvoice>,
    /// A change that waits for its payment.
    pub has_pending_update: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub id: String,
    pub price: String,
    pub period_start: Timestamp,
    pub period_end: Timestamp,
}

/// The newest invoice, as far as it matters.
#[derive(Debug, Clone)]
pub(crate) struct LatestInvoice {
    pub id: String,
    /// Waits to be paid.
    pub is_open: bool,
    pub hosted_url: Option<String>,
    pub created: Timestamp,
}

/// A change of a subscription's price that takes effect at once.
#[derive(Debug, Clone)]
pub(crate) struct Switch<'a> {
    pub subscription: &'a str,
    pub item: &'a str,
    pub price: &'a str,
    pub metadata: HashMap<String, String>,
    /// Invoiced at once, and only if it can be paid; else (in a trial) without proration.
    pub charged: bool,
    /// The moment that was previewed, so that the amounts are the same.
    pub proration_date: Option<Timestamp>,
}

impl OnAccount {
    pub(crate) async fn subscription(&self, id: &str) -> Result<StripeSubscription, StripeError> {
        let request = RetrieveSubscription::new(SubscriptionId::from(id)).expand(expansions());
        read(self.read(&request).await?)
    }

    pub(crate) async fn switch(&self, key: &str, switch: Switch<'_>) -> Result<StripeSubscription, StripeError> {
        let mut item = UpdateSubscriptionItems::new();
        item.id = Some(switch.item.to_owned());
        item.price = Some(switch.price.to_owned());
        let mut request = UpdateSubscription::new(SubscriptionId::from(switch.subscription))
            .items(vec![item])
            .metadata(switch.metadata.clone())
            .expand(expansions());
        request = if switch.charged {
            request
                .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
                .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete)
        } else {
            request.proration_behavior(UpdateSubscriptionProrationBehavior::None)
        };
        if let Some(at) = switch.proration_date {
            request = request.proration_date(at.timestamp());
        }
        read(self.create(key, &request, self.switched(&switch)).await?)
    }

    /// The subscription, when it is at the new price already or waits to be paid for it: a switch is charged for, so it is
    /// never sent again before this was looked at.
    async fn switched(&self, switch: &Switch<'_>) -> Result<Option<Subscription>, StripeError> {
        let request = RetrieveSubscription::new(SubscriptionId::from(switch.subscription)).expand(expansions());
        let now = self.read(&request).await?;
        let waiting = now.pending_update.iter();
        let waiting = waiting.flat_map(|update| update.subscription_items.iter().flatten());
        let is_there = (now.items.data.iter().chain(waiting)).any(|item| item.price.id.as_str() == switch.price);
        Ok(is_there.then_some(now))
    }

    /// Sets it to end with its period.
    pub(crate) async fn end_with_period(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        let request = UpdateSubscription::new(SubscriptionId::from(id))
            .cancel_at_period_end(true)
            .expand(expansions());
        read(self.write(key, &request).await?)
    }

    /// Takes an ending back that `cancel_at_period_end` said.
    pub(crate) async fn keep(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        let request = UpdateSubscription::new(SubscriptionId::from(id))
            .cancel_at_period_end(false)
            .expand(expansions());
        read(self.write(key, &request).await?)
    }

    /// Takes an ending back that `cancel_at` alone said, as Stripe's portal does with flexible billing.
    pub(crate) async fn keep_without_date(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        read(self.write(key, &WithoutEndDate(id)).await?)
    }

    /// Ends it now; unused time is credited when `prorate`. Stripe refuses what is over already, which is as good.
    pub(crate) async fn cancel_now(
        &self,
        key: &str,
        id: &str,
        prorate: bool,
    ) -> Result<StripeSubscription, StripeError> {
        let request = CancelSubscription::new(SubscriptionId::from(id))
            .prorate(prorate)
            .expand(expansions());
        match self.write(key, &request).await {
            Err(error) if error.is_definite() && !error.is_account_gone() => {
                let now = self.subscription(id).await?;
                if now.status.is_over() { Ok(now) } else { Err(error) }
            }
            ended => read(ended?),
        }
    }
}

/// `cancel_at` is cleared by an empty text (<https://docs.stripe.com/api/subscriptions/update>), which async-stripe's type of
/// it cannot say.
struct WithoutEndDate<'a>(&'a str);

impl StripeRequest for WithoutEndDate<'_> {
    type Output = Subscription;

    fn build(&self) -> RequestBuilder {
        #[derive(Serialize)]
        struct Form {
            cancel_at: &'static str,
            expand: Vec<String>,
        }

        let form = Form {
            cancel_at: "",
            expand: expansions(),
        };
        RequestBuilder::new(StripeMethod::Post, format!("/subscriptions/{}", self.0)).form(&form)
    }
}

fn expansions() -> Vec<String> {
    vec!["latest_invoice".to_owned()]
}

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn read(subscription: Subscription) -> Result<StripeSubscription, StripeError> {
    let status = SubscriptionStatus::parse(subscription.status.as_str())
        .ok_or_else(|| StripeError::Unreadable(format!("subscription status {}", subscription.status.as_str())))?;
    let latest_invoice = subscription
        .latest_invoice
        .and_then(stripe_types::Expandable::into_object)
        .and_then(|invoice| {
            Some(LatestInvoice {
                id: invoice.id?.to_string(),
                is_open: invoice.status == Some(InvoiceStatus::Open),
                hosted_url: invoice.hosted_invoice_url,
                created: at(invoice.created),
            })
        });
    Ok(StripeSubscription {
        id: subscription.id.to_string(),
        customer: subscription.customer.id().to_string(),
        metadata: subscription.metadata,
        status,
        created: at(subscription.created),
        items: subscription
            .items
            .data
            .into_iter()
            .map(|item| Item {
                id: item.id.to_string(),
                price: item.price.id.to_string(),
                period_start: at(item.current_period_start),
                period_end: at(item.current_period_end),
            })
            .collect(),
        trial_end: subscription.trial_end.map(at),
        cancel_at_period_end: subscription.cancel_at_period_end,
        cancel_at: subscription.cancel_at.map(at),
        schedule: subscription.schedule.map(|schedule| schedule.id().to_string()),
        latest_invoice,
        has_pending_update: subscription.pending_update.is_some(),
    })
}
