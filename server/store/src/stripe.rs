//! The seam to Stripe: HTTP, and nothing else. Tests and development point it at fake-stripe.
//!
//! Only this folder names async-stripe's types; its functions speak our words. Reads are plain; every write carries an
//! idempotency key that is noted in the database before it is sent (see [`writes`]). The transport underneath keeps
//! connections alive, limits each attempt's time, retries, and stays within Stripe's limits (see [`transport`]).
//!
//! There are two kinds of writes. Doing an update, an end or a release twice is the same as doing it once:
//! [`OnAccount::write`]. Making something twice is not: [`OnAccount::create`] takes a way to find what was made, which is
//! gone only when its key cannot be trusted any more. Everything that is made carries its key as `metadata[operation]`
//! (see [`made`]), or an id or lookup key derived from it.

mod accounts;
mod checkouts;
mod customers;
mod disputes;
mod error;
mod invoices;
mod made;
mod oauth;
mod portals;
mod products;
mod schedules;
mod subscriptions;
#[cfg(test)]
mod tests;
mod transport;
mod writes;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use stripe_client_core::{RequestBuilder, RequestStrategy, StripeRequest};
use stripe_shared::AccountId;

pub(crate) use self::{
    accounts::Onboarding,
    checkouts::{CheckoutSession, CheckoutStatus, NewCardSetup, NewCheckout},
    customers::StripeCustomer,
    disputes::{RefundedCharge, StripeDispute},
    invoices::{Invoice, InvoiceState},
    products::NewPrice,
    schedules::Downgrade,
    subscriptions::{PAID_TWICE, REPLACED_BY, StripeSubscription, Switch},
};
pub use self::{
    error::StripeError,
    transport::{
        limits::{Limits, Rate},
        priority::background,
    },
};
use self::{
    transport::Transport,
    writes::{Noted, Writes},
};
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
    /// How fast we ask, [`Limits::for_key`] as a rule; `None`: as fast as we like.
    pub limits: Option<Limits>,
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
            transport: Arc::new(Transport::new(config, clock.clone(), randomness)?),
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

    /// Whether Stripe answers calls for a connected account (`acct_…`), as far as the last ones tell; `""` stands for the
    /// platform's own calls. While it does not, calls fail at once with an error that is
    /// [unavailable](StripeError::is_unavailable), and after a while one of them finds out whether it does again.
    pub fn is_answering(&self, account: &str) -> bool {
        self.transport.is_answering(account)
    }

    /// The same for people to be told: it is not well again while nobody has found out.
    pub(crate) fn seems_well(&self, account: &str) -> bool {
        self.transport.seems_well(account)
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
        let sent = self.transport.send(request.build(), account, strategy.get_key());
        // On the heap: services put many calls into one future, and each may hold all of them.
        read(&Box::pin(sent).await?)
    }

    /// A call that makes something. `found` looks for it among what is there, and is waited for only when nobody knows
    /// what became of the call: then it is sent again (under a new key) only if there is nothing. What is found was made
    /// as the first call said, which may differ from `request` where that comes from something that changes.
    fn create<R>(
        &self,
        account: Option<&AccountId>,
        key: &str,
        request: &R,
        found: impl Future<Output = Result<Option<R::Output>, StripeError>>,
    ) -> impl Future<Output = Result<R::Output, StripeError>>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        Box::pin(async move {
            let noted = self.writes.note(key, account.map_or("", AccountId::as_str)).await?;
            if !self.writes.is_doubtful(&noted) {
                match self.send_noted(account, &noted, request.build()).await {
                    // The call was made before with other parameters (an e-mail address changed, say): no answer of
                    // Stripe's will ever tell more, so what became of it is looked up at once.
                    Err(error) if error.is_key_mismatch() => tracing::warn!(%error, key, "another call had this key"),
                    answer => return read(&answer?),
                }
            }
            if let Some(found) = found.await? {
                self.writes.found(&noted).await?;
                return Ok(found);
            }
            let noted = self.writes.renew(noted).await?;
            read(&self.send_noted(account, &noted, request.build()).await?)
        })
    }

    async fn send_noted(
        &self,
        account: Option<&AccountId>,
        noted: &Noted,
        request: RequestBuilder,
    ) -> Result<Bytes, StripeError> {
        let key = noted.idempotency_key()?;
        let answer = self.transport.send(request, account, Some(key)).await;
        self.writes.answered(noted, answer.as_ref().err()).await?;
        answer
    }
}

fn read<T: miniserde::Deserialize>(body: &[u8]) -> Result<T, StripeError> {
    let text = std::str::from_utf8(body).map_err(|error| StripeError::Unreadable(error.to_string()))?;
    miniserde::json::from_str(text)
        .map_err(|_| StripeError::Unreadable(format!("{} bytes are no {}", body.len(), std::any::type_name::<T>())))
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

    /// A change that is the same when it is made twice. `key` names the operation and the row that caused it; the same key
    /// is the same call. Where Stripe refuses the second time ("already so"), the caller reads again.
    async fn write<R>(&self, key: &str, request: &R) -> Result<R::Output, StripeError>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        self.create(key, request, async { Ok(None) }).await
    }

    /// A call that must not be made twice; see [`Stripe::create`].
    async fn create<R>(
        &self,
        key: &str,
        request: &R,
        found: impl Future<Output = Result<Option<R::Output>, StripeError>>,
    ) -> Result<R::Output, StripeError>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        self.stripe.create(Some(&self.account), key, request, found).await
    }
}
