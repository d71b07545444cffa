//! Checkout sessions (<https://docs.stripe.com/api/checkout/sessions>).

use std::collections::HashMap;

use chrono::DateTime;
use model::Timestamp;
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
    pub customer: &'a str,
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
    pub expires_at: Timestamp,
}

impl OnAccount {
    /// Cards only, so that upgrades can later be made dependent on their payment; no managed payments, which some
    /// accounts have on by default and which refuse Connect.
    pub(crate) async fn create_checkout(
        &self,
        key: &str,
        new: NewCheckout<'_>,
    ) -> Result<CheckoutSession, StripeError> {
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
            .customer(new.customer)
            .line_items(vec![line])
            .subscription_data(subscription)
            .managed_payments(managed)
            .allowed_payment_method_types(vec![CreateCheckoutSessionAllowedPaymentMethodTypes::Card])
            .metadata(made::by(key, new.metadata))
            .success_url(new.success_url)
            .cancel_url(new.cancel_url);
        session(
            self.create(key, &request, self.made_checkout(key, new.customer))
                .await?,
        )
    }

    async fn made_checkout(&self, key: &str, customer: &str) -> Result<Option<Session>, StripeError> {
        let page = self
            .read(&ListCheckoutSession::new().customer(customer).limit(100))
            .await?;
        let is_ours = |session: &Session| session.metadata.as_ref().is_some_and(|said| made::is_by(key, said));
        Ok(page.data.into_iter().find(is_ours))
    }

    pub(crate) async fn checkout(&self, id: &str) -> Result<CheckoutSession, StripeError> {
        session(
            self.read(&RetrieveCheckoutSession::new(CheckoutSessionId::from(id)))
                .await?,
        )
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
    Ok(CheckoutSession {
        id: session.id.to_string(),
        status,
        url: session.url,
        subscription: session.subscription.map(|subscription| subscription.id().to_string()),
        expires_at: DateTime::from_timestamp(session.expires_at, 0).unwrap_or_default(),
    })
}
