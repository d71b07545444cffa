//! The seam to Stripe: HTTP, and nothing else. Tests and development point it at fake-stripe.
//!
//! Only this folder names async-stripe's types; its functions speak our words. Reads are plain; every write carries an
//! idempotency key that is noted in the database before it is sent (see [`writes`]). The transport underneath keeps
//! connections alive, limits each attempt's time and retries as Stripe's own clients do (see [`transport`]).

mod accounts;
mod checkouts;
mod customers;
mod disputes;
mod error;
mod invoices;
mod oauth;
mod portals;
mod products;
mod schedules;
mod subscriptions;
mod transport;
mod writes;

use std::{fmt, sync::Arc};

use stripe_client_core::{RequestStrategy, StripeRequest};
use stripe_shared::AccountId;

pub use self::error::StripeError;
pub(crate) use self::{
    accounts::Onboarding,
    checkouts::{CheckoutSession, CheckoutStatus, NewCardSetup, NewCheckout},
    customers::StripeCustomer,
    disputes::RefundedCharge,
    invoices::{Invoice, InvoiceState},
    products::NewPrice,
    schedules::Downgrade,
    subscriptions::{StripeSubscription, Switch},
};
use self::{transport::Transport, writes::Writes};
use crate::{Clock, Database, Randomness};

/// Where Stripe is, and who we are there.
#[derive(Clone)]
pub struct StripeConfig {
    /// `sk_…`
    pub secret_key: String,
    /// `https://api.stripe.com`, or a fake-stripe on loopback.
    pub api_base: String,
    /// For one attempt.
    pub timeout: std::time::Duration,
}

impl fmt::Debug for StripeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeConfig")
            .field("api_base", &self.api_base)
            .finish_non_exhaustive()
    }
}

/// Our way to Stripe; cheap to clone.
#[derive(Debug, Clone)]
pub struct Stripe {
    transport: Arc<Transport>,
    writes: Writes,
}

impl Stripe {
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(
        config: StripeConfig,
        database: Database,
        clock: Clock,
        randomness: Randomness,
    ) -> Result<Self, StripeError> {
        Ok(Self {
            transport: Arc::new(Transport::new(config, randomness)?),
            writes: Writes::new(database, clock),
        })
    }

    /// Calls for one connected account (`acct_…`).
    pub(crate) fn on(&self, account: &str) -> OnAccount {
        OnAccount {
            stripe: self.clone(),
            account: AccountId::from(account),
        }
    }

    async fn send<R>(
        &self,
        account: Option<&AccountId>,
        strategy: RequestStrategy,
        request: &R,
    ) -> Result<R::Output, StripeError>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        let mut request = request.customize().request_strategy(strategy);
        if let Some(account) = account {
            request = request.account_id(account.clone());
        }
        request.send(&*self.transport).await
    }

    async fn write<R>(&self, account: Option<&AccountId>, key: &str, request: &R) -> Result<R::Output, StripeError>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        let noted = self.writes.note(key, account.map_or("", AccountId::as_str)).await?;
        let answer = self
            .send(account, RequestStrategy::Idempotent(noted.idempotency_key()?), request)
            .await;
        self.writes.answered(&noted, answer.as_ref().err()).await?;
        answer
    }
}

/// Calls in one connected account's name space.
#[derive(Debug, Clone)]
pub(crate) struct OnAccount {
    stripe: Stripe,
    account: AccountId,
}

impl OnAccount {
    async fn read<R>(&self, request: &R) -> Result<R::Output, StripeError>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        self.stripe
            .send(Some(&self.account), RequestStrategy::Once, request)
            .await
    }

    /// `key` names the operation and the row that caused it; the same key is the same call.
    async fn write<R>(&self, key: &str, request: &R) -> Result<R::Output, StripeError>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        self.stripe.write(Some(&self.account), key, request).await
    }
}
