//! Subscriptions: reading them for the projection, switching, ending and renewing them
//! (<https://docs.stripe.com/api/subscriptions>).

use std::collections::HashMap;

use chrono::DateTime;
use model::{Timestamp, subscription::SubscriptionStatus};
use serde::Serialize;
use stripe_billing::subscription::{
    CancelSubscription, ListSubscription, ListSubscriptionStatus, ResumeSubscription,
    ResumeSubscriptionBillingCycleAnchor, ResumeSubscriptionBillingCycleAnchorType, ResumeSubscriptionPaymentBehavior,
    RetrieveSubscription, UpdateSubscription, UpdateSubscriptionItems, UpdateSubscriptionPaymentBehavior,
    UpdateSubscriptionPaymentSettings, UpdateSubscriptionPaymentSettingsSaveDefaultPaymentMethod,
    UpdateSubscriptionProrationBehavior,
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_shared::{Subscription, SubscriptionId};

use super::{OnAccount, StripeError};

/// In a subscription's metadata: the later one on the same plan that it gave way to.
pub(crate) const REPLACED_BY: &str = "replaced_by";
/// The metadata of one that was paid for as well as the one it gave way to.
pub(crate) const PAID_TWICE: &str = "paid_twice";

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
    /// The payment method of its own, which pays it in place of the customer's default one.
    pub card: Option<String>,
    pub schedule: Option<String>,
    /// `in_…`
    pub latest_invoice: Option<String>,
    pub ended_at: Option<Timestamp>,
    /// Since when it is paused.
    pub paused: Option<Paused>,
    /// A change that waits for its payment; its invoice is the latest one.
    pub pending_update: Option<PendingUpdate>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Paused {
    pub at: Timestamp,
    /// Because a renewal was not paid, and not because somebody wanted it.
    pub is_unpaid: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct PendingUpdate {
    pub price: Option<String>,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub id: String,
    pub price: String,
    pub period_start: Timestamp,
    pub period_end: Timestamp,
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
    /// An ending that `cancel_at_period_end` said is taken back with it: paid or not, both happen or neither
    /// (<https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation>).
    pub keeps: bool,
    /// The moment that was previewed, so that the amounts are the same.
    pub proration_date: Option<Timestamp>,
}

impl OnAccount {
    pub(crate) async fn subscription(&self, id: &str) -> Result<StripeSubscription, StripeError> {
        read(self.read(&RetrieveSubscription::new(SubscriptionId::from(id))).await?)
    }

    /// Every subscription of the account, ended ones too: one call a hundred.
    pub(crate) async fn subscriptions(&self) -> Result<Vec<StripeSubscription>, StripeError> {
        self.listed(&ListSubscription::new().status(ListSubscriptionStatus::All))
            .await
    }

    /// What a customer has that is not over.
    pub(crate) async fn subscriptions_of(&self, customer: &str) -> Result<Vec<StripeSubscription>, StripeError> {
        self.listed(&ListSubscription::new().customer(customer)).await
    }

    async fn listed(&self, which: &ListSubscription) -> Result<Vec<StripeSubscription>, StripeError> {
        let mut all: Vec<StripeSubscription> = Vec::new();
        let mut last: Option<String> = None;
        loop {
            let mut request = which.clone().limit(100);
            if let Some(last) = &last {
                request = request.starting_after(last.as_str());
            }
            let page = self.read(&request).await?;
            last = page.data.last().map(|subscription| subscription.id.to_string());
            let is_last = !page.has_more || last.is_none();
            for subscription in page.data {
                let is_marked = subscription.metadata.contains_key("plan");
                match read(subscription) {
                    Ok(subscription) => all.push(subscription),
                    // Somebody else's, in a status that came after us, keeps nobody's from being listed.
                    Err(error) if !is_marked => tracing::debug!(%error, "not one of ours"),
                    Err(error) => return Err(error),
                }
            }
            if is_last {
                return Ok(all);
            }
        }
    }

    /// Goes on after a pause: a new period begins and is charged first (a pause credits what was left of the one before,
    /// <https://docs.stripe.com/billing/subscriptions/pause>). Until it is paid it stays paused.
    pub(crate) async fn resume(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        let anchor = ResumeSubscriptionBillingCycleAnchorType::Now;
        let request = ResumeSubscription::new(SubscriptionId::from(id))
            .billing_cycle_anchor(ResumeSubscriptionBillingCycleAnchor::new(anchor))
            .payment_behavior(ResumeSubscriptionPaymentBehavior::ResumeOnPaymentSuccess);
        read(self.create(key, &request, self.resumed(id)).await?)
    }

    /// The subscription, when it is not paused any more: going on is charged for, and refused the second time.
    async fn resumed(&self, id: &str) -> Result<Option<Subscription>, StripeError> {
        let now = self.read(&RetrieveSubscription::new(SubscriptionId::from(id))).await?;
        let is_paused = SubscriptionStatus::parse(now.status.as_str()) == Some(SubscriptionStatus::Paused);
        Ok((!is_paused).then_some(now))
    }

    /// Notes on a subscription which later one it gave way to, and (a word for how) that both were paid for, so that whoever
    /// reads it knows.
    pub(crate) async fn mark_replaced(
        &self,
        key: &str,
        id: &str,
        by: &str,
        paid_twice: Option<&str>,
    ) -> Result<(), StripeError> {
        let mut metadata = HashMap::from([(REPLACED_BY.to_owned(), by.to_owned())]);
        if let Some(how) = paid_twice {
            metadata.insert(PAID_TWICE.to_owned(), how.to_owned());
        }
        let request = UpdateSubscription::new(SubscriptionId::from(id)).metadata(metadata);
        self.write(key, &request).await.map(drop)
    }

    /// The payment method that pays this subscription's invoices.
    pub(crate) async fn set_card(&self, key: &str, id: &str, method: &str) -> Result<(), StripeError> {
        let request = UpdateSubscription::new(SubscriptionId::from(id)).default_payment_method(method);
        self.write(key, &request).await.map(drop)
    }

    /// From now on a card that pays an invoice of this subscription on Stripe's page pays those after it as well
    /// (<https://docs.stripe.com/api/subscriptions/object#subscription_object-payment_settings-save_default_payment_method>).
    pub(crate) async fn keep_card_that_pays(&self, key: &str, id: &str) -> Result<(), StripeError> {
        let mut settings = UpdateSubscriptionPaymentSettings::new();
        settings.save_default_payment_method =
            Some(UpdateSubscriptionPaymentSettingsSaveDefaultPaymentMethod::OnSubscription);
        let request = UpdateSubscription::new(SubscriptionId::from(id)).payment_settings(settings);
        self.write(key, &request).await.map(drop)
    }

    pub(crate) async fn switch(&self, key: &str, switch: Switch<'_>) -> Result<StripeSubscription, StripeError> {
        let mut item = UpdateSubscriptionItems::new();
        item.id = Some(switch.item.to_owned());
        item.price = Some(switch.price.to_owned());
        let mut request = UpdateSubscription::new(SubscriptionId::from(switch.subscription))
            .items(vec![item])
            .metadata(switch.metadata.clone());
        request = if switch.charged {
            request
                .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
                .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete)
        } else {
            request.proration_behavior(UpdateSubscriptionProrationBehavior::None)
        };
        if switch.keeps {
            request = request.cancel_at_period_end(false);
        }
        if let Some(at) = switch.proration_date {
            request = request.proration_date(at.timestamp());
        }
        read(self.create(key, &request, self.switched(&switch)).await?)
    }

    /// The subscription, when it is at the new price already or waits to be paid for it: a switch is charged for, so it is
    /// never sent again before this was looked at.
    async fn switched(&self, switch: &Switch<'_>) -> Result<Option<Subscription>, StripeError> {
        let request = RetrieveSubscription::new(SubscriptionId::from(switch.subscription));
        let now = self.read(&request).await?;
        let waiting = now.pending_update.iter();
        let waiting = waiting.flat_map(|update| update.subscription_items.iter().flatten());
        let is_there = (now.items.data.iter().chain(waiting)).any(|item| item.price.id.as_str() == switch.price);
        Ok(is_there.then_some(now))
    }

    /// Sets it to end with its period.
    pub(crate) async fn end_with_period(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        let request = UpdateSubscription::new(SubscriptionId::from(id)).cancel_at_period_end(true);
        read(self.write(key, &request).await?)
    }

    /// Takes an ending back that `cancel_at_period_end` said.
    pub(crate) async fn keep(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        let request = UpdateSubscription::new(SubscriptionId::from(id)).cancel_at_period_end(false);
        read(self.write(key, &request).await?)
    }

    /// Takes an ending back that `cancel_at` alone said, as Stripe's portal does with flexible billing.
    pub(crate) async fn keep_without_date(&self, key: &str, id: &str) -> Result<StripeSubscription, StripeError> {
        read(self.write(key, &WithoutEndDate(id)).await?)
    }

    /// Ends it now; its unused time is credited to the customer's next invoices when `credit`. One that has ended already
    /// is as good.
    pub(crate) async fn cancel_now(&self, key: &str, id: &str, credit: bool) -> Result<(), StripeError> {
        let request = CancelSubscription::new(SubscriptionId::from(id))
            .prorate(credit)
            .invoice_now(credit);
        match self.write(key, &request).await {
            Err(error) if error.is_definite() && !error.is_account_gone() => {
                if self.subscription(id).await?.status.is_over() {
                    return Ok(());
                }
                Err(error)
            }
            answer => answer.map(drop),
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
        }

        let form = Form { cancel_at: "" };
        RequestBuilder::new(StripeMethod::Post, format!("/subscriptions/{}", self.0)).form(&form)
    }
}

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn read(subscription: Subscription) -> Result<StripeSubscription, StripeError> {
    let status = SubscriptionStatus::parse(subscription.status.as_str())
        .ok_or_else(|| StripeError::Unreadable(format!("subscription status {}", subscription.status.as_str())))?;
    let pending_update = subscription.pending_update.map(|update| PendingUpdate {
        price: update
            .subscription_items
            .and_then(|items| items.into_iter().next())
            .map(|item| item.price.id.to_string()),
        expires_at: at(update.expires_at),
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
        card: subscription
            .default_payment_method
            .map(|method| method.id().to_string()),
        schedule: subscription.schedule.map(|schedule| schedule.id().to_string()),
        latest_invoice: subscription
            .latest_invoice
            .and_then(|invoice| invoice.id().as_ref().map(ToString::to_string)),
        ended_at: subscription.ended_at.map(at),
        paused: subscription.status_details.map(|details| Paused {
            at: at(details.paused.transitioned_at),
            is_unpaid: details.paused.subscription.type_.as_str().ends_with("_payment_failure"),
        }),
        pending_update,
    })
}
