//! Checkout sessions (<https://docs.stripe.com/api/checkout/sessions>).

use std::collections::HashMap;

use chrono::DateTime;
use model::{Timestamp, money::Currency};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionManagedPayments, CreateCheckoutSessionSubscriptionData,
    CreateCheckoutSessionSubscriptionDataBillingMode, CreateCheckoutSessionSubscriptionDataBillingModeType,
    ExpireCheckoutSession, ListCheckoutSession, RetrieveCheckoutSession,
};
use stripe_shared::{CheckoutSession as Session, CheckoutSessionId, CheckoutSessionMode, CheckoutSessionStatus};

use super::{OnAccount, StripeError, made};

/// A session to make, in subscription mode.
#[derive(Debug, Clone)]
pub(crate) struct NewCheckout<'a> {
    pub customer: String,
    pub price: &'a str,
    pub success_url: String,
    pub cancel_url: String,
    /// On the session and on its subscription: marks both as ours.
    pub metadata: HashMap<String, String>,
    /// The platform's fee in percent; none when zero.
    pub fee_percent: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckoutStatus {
    Open,
    Complete,
    Expired,
}

impl CheckoutStatus {
    /// Stripe's word, also ours in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Complete => "complete",
            Self::Expired => "expired",
        }
    }
}

/// A session as Stripe has it.
#[derive(Debug, Clone)]
pub(crate) struct CheckoutSession {
    pub id: String,
    pub status: CheckoutStatus,
    /// Where the customer pays; while it is open.
    pub url: Option<String>,
    pub subscription: Option<String>,
    /// In setup mode, when it is complete: the payment method that was saved.
    pub saved_card: Option<String>,
    pub expires_at: Timestamp,
}

/// A session to make, in setup mode.
#[derive(Debug, Clone)]
pub(crate) struct NewCardSetup {
    pub customer: String,
    pub currency: Currency,
    pub success_url: String,
    pub cancel_url: String,
    pub metadata: HashMap<String, String>,
}

impl OnAccount {
    /// Cards only, so that upgrades can later be made dependent on their payment; no managed payments, which some
    /// accounts have on by default and which refuse Connect.
    pub(crate) async fn create_checkout(
        &self,
        key: &str,
        new: NewCheckout<'_>,
    ) -> Result<CheckoutSession, StripeError> {
        let customer = new.customer;
        let mut line = CreateCheckoutSessionLineItems::new();
        line.price = Some(new.price.to_owned());
        line.quantity = Some(1);
        let mut subscription = CreateCheckoutSessionSubscriptionData::new();
        subscription.metadata = Some(new.metadata.clone());
        subscription.application_fee_percent = new.fee_percent;
        subscription.billing_mode = Some(CreateCheckoutSessionSubscriptionDataBillingMode::new(
            CreateCheckoutSessionSubscriptionDataBillingModeType::Flexible,
        ));
        let mut managed = CreateCheckoutSessionManagedPayments::new();
        managed.enabled = Some(false);
        let request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Subscription)
            .customer(customer.as_str())
            .line_items(vec![line])
            .subscription_data(subscription)
            .managed_payments(managed)
            .allowed_payment_method_types(vec![CreateCheckoutSessionAllowedPaymentMethodTypes::Card])
            .metadata(made::by(key, new.metadata))
            .success_url(new.success_url)
            .cancel_url(new.cancel_url);
        session(self.create(key, &request, self.made_checkout(key, &customer)).await?)
    }

    async fn made_checkout(&self, key: &str, customer: &str) -> Result<Option<Session>, StripeError> {
        let page = self
            .read(&ListCheckoutSession::new().customer(customer).limit(100))
            .await?;
        let is_ours = |session: &Session| session.metadata.as_ref().is_some_and(|said| made::is_by(key, said));
        Ok(page.data.into_iter().find(is_ours))
    }

    /// Setup mode requires a currency (<https://docs.stripe.com/payments/save-and-reuse>).
    pub(crate) async fn create_card_setup(&self, key: &str, new: NewCardSetup) -> Result<CheckoutSession, StripeError> {
        let currency: stripe_types::Currency = new.currency.code().parse().unwrap_or_else(|never| match never {});
        let mut managed = CreateCheckoutSessionManagedPayments::new();
        managed.enabled = Some(false);
        let request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Setup)
            .managed_payments(managed)
            .customer(new.customer.as_str())
            .currency(currency)
            .allowed_payment_method_types(vec![CreateCheckoutSessionAllowedPaymentMethodTypes::Card])
            .metadata(made::by(key, new.metadata))
            .success_url(new.success_url)
            .cancel_url(new.cancel_url);
        session(
            self.create(key, &request, self.made_checkout(key, &new.customer))
                .await?,
        )
    }

    pub(crate) async fn checkout(&self, id: &str) -> Result<CheckoutSession, StripeError> {
        let request = RetrieveCheckoutSession::new(CheckoutSessionId::from(id)).expand(vec!["setup_intent".to_owned()]);
        session(self.read(&request).await?)
    }

    /// Only open ones expire; a refused call is followed by a reading.
    pub(crate) async fn expire_checkout(&self, key: &str, id: &str) -> Result<CheckoutSession, StripeError> {
        match self
            .write(key, &ExpireCheckoutSession::new(CheckoutSessionId::from(id)))
            .await
        {
            Ok(expired) => session(expired),
            Err(error) if error.is_definite() && !error.is_account_gone() => self.checkout(id).await,
            Err(error) => Err(error),
        }
    }
}

fn session(session: Session) -> Result<CheckoutSession, StripeError> {
    let status = match session.status {
        Some(CheckoutSessionStatus::Open) => CheckoutStatus::Open,
        Some(CheckoutSessionStatus::Complete) => CheckoutStatus::Complete,
        Some(CheckoutSessionStatus::Expired) => CheckoutStatus::Expired,
        other => return Err(StripeError::Unreadable(format!("checkout session status {other:?}"))),
    };
    let saved_card = session
        .setup_intent
        .and_then(stripe_types::Expandable::into_object)
        .and_then(|intent| intent.payment_method)
        .map(|method| method.id().to_string());
    Ok(CheckoutSession {
        saved_card,
        id: session.id.to_string(),
        status,
        url: session.url,
        subscription: session.subscription.map(|subscription| subscription.id().to_string()),
        expires_at: DateTime::from_timestamp(session.expires_at, 0).unwrap_or_default(),
    })
}
