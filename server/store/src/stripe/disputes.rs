//! Refunds and disputes (<https://docs.stripe.com/api/charges>, <https://docs.stripe.com/api/disputes>), as far as a
//! merchant has to look at them.

use std::collections::BTreeSet;

use chrono::DateTime;
use model::Timestamp;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_shared::{Charge, Dispute, InvoicePayment, Refund};
use stripe_types::List;

use super::{OnAccount, StripeError};

/// A payment, as far as it was given back.
#[derive(Debug, Clone)]
pub(crate) struct RefundedCharge {
    pub id: String,
    pub customer: Option<String>,
    /// `pi_…`
    pub intent: Option<String>,
    /// What was paid.
    pub amount: i64,
    pub refunded: i64,
    pub currency: String,
    pub created: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct StripeDispute {
    pub id: String,
    pub charge: String,
    pub amount: i64,
    pub currency: String,
    /// Stripe's word: `needs_response`, `won`, `lost`, …
    pub status: String,
    /// Until when an answer is taken.
    pub answer_by: Option<Timestamp>,
    pub created: Timestamp,
}

impl OnAccount {
    pub(crate) async fn charge(&self, id: &str) -> Result<RefundedCharge, StripeError> {
        let charge = self.read(&Get::<Charge>::of(format!("/charges/{id}"))).await?;
        Ok(RefundedCharge {
            id: charge.id.to_string(),
            customer: charge.customer.map(|customer| customer.id().to_string()),
            intent: charge.payment_intent.map(|intent| intent.id().to_string()),
            amount: charge.amount_captured,
            refunded: charge.amount_refunded,
            currency: charge.currency.to_string(),
            created: at(charge.created),
        })
    }

    /// The payment that a refund gives back, or gave back until it failed.
    pub(crate) async fn charge_of_refund(&self, id: &str) -> Result<Option<String>, StripeError> {
        let refund = self.read(&Get::<Refund>::of(format!("/refunds/{id}"))).await?;
        Ok(refund.charge.map(|charge| charge.id().to_string()))
    }

    /// The payments of which something was given back.
    pub(crate) async fn refunded_charges(&self) -> Result<BTreeSet<String>, StripeError> {
        let refunds = self.all::<Refund>("/refunds", |refund| refund.id.to_string()).await?;
        let charges = refunds.into_iter().filter_map(|refund| refund.charge);
        Ok(charges.map(|charge| charge.id().to_string()).collect())
    }

    /// Every dispute's id.
    pub(crate) async fn disputes(&self) -> Result<Vec<String>, StripeError> {
        let disputes = self
            .all::<Dispute>("/disputes", |dispute| dispute.id.to_string())
            .await?;
        Ok(disputes.into_iter().map(|dispute| dispute.id.to_string()).collect())
    }

    /// A whole list: one call a hundred.
    async fn all<T>(&self, path: &str, id: impl Fn(&T) -> String) -> Result<Vec<T>, StripeError>
    where
        List<T>: miniserde::Deserialize,
    {
        let mut all: Vec<T> = Vec::new();
        loop {
            let after = all.last().map(|last| format!("&starting_after={}", id(last)));
            let path = format!("{path}?limit=100{}", after.unwrap_or_default());
            let page = self.read(&Get::<List<T>>::of(path)).await?;
            let is_last = !page.has_more || page.data.is_empty();
            all.extend(page.data);
            if is_last {
                return Ok(all);
            }
        }
    }

    /// The subscription whose invoice this payment paid, if it was one's.
    pub(crate) async fn subscription_of_payment(&self, intent: &str) -> Result<Option<String>, StripeError> {
        let path = format!(
            "/invoice_payments?payment[type]=payment_intent&payment[payment_intent]={}&limit=1",
            crate::url_encode(intent)
        );
        let payments = self.read(&Get::<List<InvoicePayment>>::of(path)).await?;
        let invoice = payments.data.into_iter().next();
        match invoice.and_then(|payment| payment.invoice.id().clone()) {
            Some(invoice) => Ok(self.invoice(invoice.as_str()).await?.subscription),
            None => Ok(None),
        }
    }

    pub(crate) async fn dispute(&self, id: &str) -> Result<StripeDispute, StripeError> {
        let dispute = self.read(&Get::<Dispute>::of(format!("/disputes/{id}"))).await?;
        Ok(StripeDispute {
            id: dispute.id.to_string(),
            charge: dispute.charge.id().to_string(),
            amount: dispute.amount,
            currency: dispute.currency.to_string(),
            status: dispute.status.as_str().to_owned(),
            // 0: the bank takes no answer.
            answer_by: dispute.evidence_details.due_by.filter(|by| *by > 0).map(at),
            created: at(dispute.created),
        })
    }
}

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// A plain reading: async-stripe's crates for these objects bring much more than we ask for.
struct Get<T> {
    path: String,
    output: std::marker::PhantomData<fn() -> T>,
}

impl<T> Get<T> {
    fn of(path: String) -> Self {
        Self {
            path,
            output: std::marker::PhantomData,
        }
    }
}

impl<T> StripeRequest for Get<T> {
    type Output = T;

    fn build(&self) -> RequestBuilder {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut request = RequestBuilder::new(StripeMethod::Get, path);
        request.query = (!query.is_empty()).then(|| query.to_owned());
        request
    }
}
