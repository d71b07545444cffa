//! What Stripe says of a subscription now: the object itself, what waits for its period's end, and what is owed.

use model::{Timestamp, letter::OpenInvoice, subscription::SubscriptionStatus};

use crate::{
    Store,
    connect::Connection,
    error::{Error, Result},
    stripe::{Invoice, InvoiceState, StripeSubscription},
};

pub(super) struct Reading {
    pub subscription: StripeSubscription,
    /// The price it changes to, and when, if a schedule says so.
    pub next: Option<(String, Timestamp)>,
    /// The newest invoice that waits to be paid.
    pub owed: Option<Owed>,
    /// When the first payment that is still open failed.
    pub first_failed_at: Option<Timestamp>,
    /// Invoices that were paid after the subscription had ended.
    pub paid_for_nothing: Vec<Invoice>,
}

pub(super) struct Owed {
    pub invoice: OpenInvoice,
    /// Where it can be paid; a draft has no page yet.
    pub pay_url: Option<String>,
}

impl Store {
    /// Reads at Stripe; nothing is written. Nothing, when Stripe does not find the subscription.
    pub(super) async fn read_subscription(&self, connection: &Connection, id: &str) -> Result<Option<Reading>> {
        let answer = self.on(connection).subscription(id).await;
        let subscription = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => return Ok(None),
            other => other?,
        };
        self.read_around(connection, subscription).await.map(Some)
    }

    /// The same of one whose object is read already.
    pub(super) async fn read_around(
        &self,
        connection: &Connection,
        subscription: StripeSubscription,
    ) -> Result<Reading> {
        let (stripe, id) = (self.on(connection), &subscription.id);
        let next = match &subscription.schedule {
            Some(schedule) => {
                let answer = stripe.schedule(schedule).await;
                self.noticing(connection, answer).await?.next
            }
            None => None,
        };
        let answer = stripe.invoices_of(id).await;
        let invoices = self.noticing(connection, answer).await?;
        let owed = match owed(&subscription, &invoices) {
            Some(invoice) => {
                let answer = stripe.open_invoice(invoice).await;
                Some(Owed {
                    invoice: self.noticing(connection, answer).await?,
                    pay_url: invoice.hosted_url.clone(),
                })
            }
            None => None,
        };
        Ok(Reading {
            next,
            owed,
            first_failed_at: first_failed_at(&subscription, &invoices),
            paid_for_nothing: paid_for_nothing(&subscription, invoices),
            subscription,
        })
    }
}

/// Whether an invoice decides the status: neither void nor that of a pending update.
pub(super) fn counts(subscription: &StripeSubscription, invoice: &Invoice) -> bool {
    let is_of_update =
        subscription.pending_update.is_some() && subscription.latest_invoice.as_ref() == Some(&invoice.id);
    invoice.state != InvoiceState::Void && !is_of_update
}

/// The newest invoice that waits to be paid. While things go well a draft is only the next renewal, being prepared;
/// else the newest invoice that is not void decides the status, also when it is a draft (`unpaid` leaves drafts). What was
/// due before a pause does not end it: resuming begins a new period, with an invoice of its own.
fn owed<'a>(subscription: &StripeSubscription, invoices: &'a [Invoice]) -> Option<&'a Invoice> {
    let newest = match subscription.status {
        SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired => None,
        SubscriptionStatus::Trialing | SubscriptionStatus::Active => {
            invoices.iter().find(|invoice| invoice.state == InvoiceState::Open)
        }
        SubscriptionStatus::Paused => invoices.iter().find(|invoice| {
            let since = subscription.paused.is_none_or(|paused| invoice.created >= paused.at);
            since && invoice.state == InvoiceState::Open
        }),
        _ => invoices
            .iter()
            .find(|invoice| counts(subscription, invoice))
            .filter(|invoice| matches!(invoice.state, InvoiceState::Open | InvoiceState::Draft)),
    };
    newest.filter(|invoice| invoice.remaining > 0)
}

/// Of the invoices that are unpaid in a row up to the newest, the first whose payment was tried. Stripe's first attempt
/// follows the finalising at once. Worked out of what Stripe has now, so that no event has to have arrived for it.
fn first_failed_at(subscription: &StripeSubscription, invoices: &[Invoice]) -> Option<Timestamp> {
    if subscription.status != SubscriptionStatus::PastDue {
        return None;
    }
    let unpaid = invoices
        .iter()
        .filter(|invoice| counts(subscription, invoice))
        .take_while(|invoice| invoice.state != InvoiceState::Paid);
    let failed = unpaid.filter(|invoice| invoice.attempted);
    failed
        .map(|invoice| invoice.finalized_at.unwrap_or(invoice.created))
        .min()
}

fn paid_for_nothing(subscription: &StripeSubscription, invoices: Vec<Invoice>) -> Vec<Invoice> {
    let Some(ended) = subscription.ended_at.filter(|_| subscription.status.is_over()) else {
        return Vec::new();
    };
    invoices
        .into_iter()
        .filter(|invoice| invoice.paid > 0 && invoice.paid_at.is_some_and(|paid| paid > ended))
        .collect()
}
