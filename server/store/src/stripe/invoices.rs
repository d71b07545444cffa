//! Invoices: what is owed, paying, finalising, voiding, and previews of what a switch would charge
//! (<https://docs.stripe.com/api/invoices>).

use chrono::DateTime;
use model::{
    Timestamp,
    letter::{OpenInvoice, PaymentTrouble},
    money::{Currency, Money},
};
use stripe_billing::invoice::{
    CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails, CreatePreviewInvoiceSubscriptionDetailsItems,
    CreatePreviewInvoiceSubscriptionDetailsProrationBehavior, CreatePreviewInvoiceSubscriptionDetailsResumeAt,
    FinalizeInvoiceInvoice, ListInvoice, PayInvoice, RetrieveInvoice, VoidInvoiceInvoice,
};
use stripe_client_core::RequestStrategy;
use stripe_shared::{ApiErrorsCode, Invoice as Shared, InvoiceId, InvoiceStatus, PaymentIntent, PaymentIntentStatus};

use super::{OnAccount, StripeError};

/// How an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvoiceState {
    Draft,
    Open,
    Paid,
    Uncollectible,
    Void,
}

/// An invoice of a subscription, as far as it matters. Times in UTC.
#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub id: String,
    pub state: InvoiceState,
    /// `sub_…`
    pub subscription: Option<String>,
    /// What is still to be paid, in minor units.
    pub remaining: i64,
    pub paid: i64,
    pub currency: String,
    /// Payment was tried at least once.
    pub attempted: bool,
    pub attempts: u64,
    pub next_attempt: Option<Timestamp>,
    pub created: Timestamp,
    /// When it was finalised: Stripe's first attempt follows at once.
    pub finalized_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub hosted_url: Option<String>,
}

impl OnAccount {
    pub(crate) async fn invoice(&self, id: &str) -> Result<Invoice, StripeError> {
        read(self.read(&RetrieveInvoice::new(InvoiceId::from(id))).await?)
    }

    /// All invoices of a subscription, newest first.
    pub(crate) async fn invoices_of(&self, subscription: &str) -> Result<Vec<Invoice>, StripeError> {
        let mut invoices: Vec<Invoice> = Vec::new();
        loop {
            let mut request = ListInvoice::new().subscription(subscription).limit(100);
            if let Some(last) = invoices.last() {
                request = request.starting_after(last.id.as_str());
            }
            let page = self.read(&request).await?;
            let is_last = !page.has_more || page.data.is_empty();
            for invoice in page.data {
                invoices.push(read(invoice)?);
            }
            if is_last {
                return Ok(invoices);
            }
        }
    }

    /// The same invoice for pages and letters, with the reason why its last attempt failed.
    pub(crate) async fn open_invoice(&self, invoice: &Invoice) -> Result<OpenInvoice, StripeError> {
        let tried = if invoice.state == InvoiceState::Open {
            let request = RetrieveInvoice::new(InvoiceId::from(invoice.id.as_str())).expand(vec![INTENT.to_owned()]);
            self.read(&request).await?.payments.and_then(|payments| {
                payments
                    .data
                    .into_iter()
                    .filter_map(|payment| payment.payment.payment_intent?.into_object())
                    .find_map(|intent| Some((trouble(&intent, invoice.attempts)?, declined(&intent))))
            })
        } else {
            None
        };
        let (trouble, declined) = tried.map_or((None, None), |(trouble, declined)| (Some(trouble), declined));
        let currency = Currency::parse(&invoice.currency)
            .map_err(|_| StripeError::Unreadable(format!("invoice currency {}", invoice.currency)))?;
        Ok(OpenInvoice {
            id: invoice.id.clone(),
            amount: Money::new(invoice.remaining, currency),
            attempts: invoice.attempts,
            trouble,
            declined,
            next_attempt: invoice.next_attempt,
        })
    }

    /// An open invoice is not to be paid any more.
    pub(crate) async fn void_invoice(&self, key: &str, id: &str) -> Result<Invoice, StripeError> {
        let answer = self.write(key, &VoidInvoiceInvoice::new(InvoiceId::from(id))).await;
        self.or_as_it_is(id, answer).await
    }

    /// A draft becomes an invoice, without Stripe collecting it.
    pub(crate) async fn finalize_invoice(&self, key: &str, id: &str) -> Result<Invoice, StripeError> {
        let request = FinalizeInvoiceInvoice::new(InvoiceId::from(id)).auto_advance(false);
        let answer = self.write(key, &request).await;
        self.or_as_it_is(id, answer).await
    }

    /// Pays an open invoice with this payment method at once.
    ///
    /// # Errors
    /// `StripeError::is_card_error` when the card did not pay.
    pub(crate) async fn pay_invoice(&self, key: &str, id: &str, method: &str) -> Result<Invoice, StripeError> {
        let request = PayInvoice::new(InvoiceId::from(id)).payment_method(method);
        match self.write(key, &request).await {
            Err(error) if error.is_card_error() => Err(error),
            answer => self.or_as_it_is(id, answer).await,
        }
    }

    /// A refusal mostly says that it is so already: what the invoice is now answers.
    async fn or_as_it_is(&self, id: &str, answer: Result<Shared, StripeError>) -> Result<Invoice, StripeError> {
        match answer {
            Ok(invoice) => read(invoice),
            Err(error) if error.is_definite() && !error.is_account_gone() => {
                tracing::info!(invoice = id, %error, "the invoice is read instead");
                self.invoice(id).await
            }
            Err(error) => Err(error),
        }
    }

    /// What switching `item` to `price` at `at` would charge at once, in minor units. Nothing is changed by it.
    pub(crate) async fn preview_switch(
        &self,
        subscription: &str,
        item: &str,
        price: &str,
        at: Timestamp,
    ) -> Result<i64, StripeError> {
        let mut changed = CreatePreviewInvoiceSubscriptionDetailsItems::new();
        changed.id = Some(item.to_owned());
        changed.price = Some(price.to_owned());
        let mut details = CreatePreviewInvoiceSubscriptionDetails::new();
        details.items = Some(vec![changed]);
        details.proration_behavior = Some(CreatePreviewInvoiceSubscriptionDetailsProrationBehavior::AlwaysInvoice);
        details.proration_date = Some(at.timestamp());
        self.amount_due(subscription, details).await
    }

    /// What resuming a paused subscription would charge at once, in minor units: credit that the customer has is taken off.
    pub(crate) async fn preview_resume(&self, subscription: &str) -> Result<i64, StripeError> {
        let mut details = CreatePreviewInvoiceSubscriptionDetails::new();
        details.resume_at = Some(CreatePreviewInvoiceSubscriptionDetailsResumeAt::Now);
        match self.amount_due(subscription, details).await {
            // It goes on without an invoice, as on a trial.
            Err(error) if error.is_nothing_upcoming() => Ok(0),
            answer => answer,
        }
    }

    async fn amount_due(
        &self,
        subscription: &str,
        details: CreatePreviewInvoiceSubscriptionDetails,
    ) -> Result<i64, StripeError> {
        let request = CreatePreviewInvoice::new()
            .subscription(subscription)
            .subscription_details(details);
        let answer = self.stripe.send(Some(&self.account), RequestStrategy::Once, &request);
        Ok(answer.await?.amount_due)
    }
}

/// Where an invoice's payment intent is; four levels, which is as deep as Stripe goes.
const INTENT: &str = "payments.data.payment.payment_intent";

/// The payment method that was refused.
fn declined(intent: &PaymentIntent) -> Option<String> {
    let refused = intent.last_payment_error.as_ref()?;
    Some(refused.payment_method.as_ref()?.id.to_string())
}

fn trouble(intent: &PaymentIntent, attempts: u64) -> Option<PaymentTrouble> {
    match (&intent.status, &intent.last_payment_error) {
        (PaymentIntentStatus::RequiresPaymentMethod, None) if attempts > 0 => Some(PaymentTrouble::NoMethod),
        (PaymentIntentStatus::RequiresAction, _) => Some(PaymentTrouble::ActionRequired),
        // Its message is for developers.
        (PaymentIntentStatus::RequiresPaymentMethod, Some(error))
            if error.code == Some(ApiErrorsCode::PaymentIntentAuthenticationFailure) =>
        {
            Some(PaymentTrouble::Declined(Some(
                "Your bank could not confirm the payment.".to_owned(),
            )))
        }
        (PaymentIntentStatus::RequiresPaymentMethod, Some(error)) => {
            Some(PaymentTrouble::Declined(error.message.clone()))
        }
        _ => None,
    }
}

fn read(invoice: Shared) -> Result<Invoice, StripeError> {
    let state = match invoice.status {
        Some(InvoiceStatus::Draft) => InvoiceState::Draft,
        Some(InvoiceStatus::Open) => InvoiceState::Open,
        Some(InvoiceStatus::Paid) => InvoiceState::Paid,
        Some(InvoiceStatus::Uncollectible) => InvoiceState::Uncollectible,
        Some(InvoiceStatus::Void) => InvoiceState::Void,
        other => return Err(StripeError::Unreadable(format!("invoice status {other:?}"))),
    };
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let id = invoice
        .id
        .ok_or_else(|| StripeError::Unreadable("an invoice without an id".to_owned()))?;
    let parent = invoice.parent.and_then(|parent| parent.subscription_details);
    Ok(Invoice {
        id: id.to_string(),
        state,
        subscription: parent.map(|details| details.subscription.id().to_string()),
        remaining: invoice.amount_remaining,
        paid: invoice.amount_paid,
        currency: invoice.currency.to_string(),
        attempted: invoice.attempted,
        attempts: invoice.attempt_count,
        next_attempt: invoice.next_payment_attempt.and_then(at),
        created: at(invoice.created).unwrap_or_default(),
        finalized_at: invoice.status_transitions.finalized_at.and_then(at),
        paid_at: invoice.status_transitions.paid_at.and_then(at),
        hosted_url: invoice.hosted_invoice_url,
    })
}
