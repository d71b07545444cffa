//! Connected accounts and onboarding links (<https://docs.stripe.com/connect/standard-accounts>).

use std::collections::HashMap;

use chrono::DateTime;
use model::account::AccountSnapshot;
use stripe_client_core::RequestStrategy;
use stripe_connect::{
    account::{CreateAccount, CreateAccountType, ListAccount, RetrieveAccount, RetrieveForMyAccountAccount},
    account_link::{CreateAccountLink, CreateAccountLinkType},
};
use stripe_shared::{Account, AccountId};

use super::{Stripe, StripeError, made};

/// How many pages of a hundred are looked through for an account that was made lately; the newest come first.
const PAGES_LOOKED_AT: usize = 10;

/// Where onboarding leads back to.
#[derive(Debug, Clone)]
pub(crate) struct Onboarding {
    pub return_url: String,
    /// Asked for when the link was used already: makes a new one and goes on.
    pub refresh_url: String,
}

impl Stripe {
    /// Makes a Standard account for a community.
    pub(crate) async fn create_account(
        &self,
        key: &str,
        community: &str,
        email: &str,
    ) -> Result<AccountSnapshot, StripeError> {
        let metadata = HashMap::from([("community".to_owned(), community.to_owned())]);
        let request = CreateAccount::new()
            .type_(CreateAccountType::Standard)
            .email(email)
            .metadata(made::by(key, metadata));
        Ok(snapshot(
            self.create(None, key, &request, self.made_account(key)).await?,
        ))
    }

    async fn made_account(&self, key: &str) -> Result<Option<Account>, StripeError> {
        let mut after: Option<String> = None;
        for _ in 0..PAGES_LOOKED_AT {
            let mut request = ListAccount::new().limit(100);
            if let Some(after) = &after {
                request = request.starting_after(after);
            }
            let page = self.send(None, RequestStrategy::Once, &request).await?;
            after = page.data.last().map(|account| account.id.to_string());
            let is_ours = |account: &Account| account.metadata.as_ref().is_some_and(|said| made::is_by(key, said));
            let found = page.data.into_iter().find(is_ours);
            if found.is_some() || !page.has_more || after.is_none() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The platform's own account (`acct_…`), which is that of the secret key.
    pub(crate) async fn own_account(&self) -> Result<String, StripeError> {
        let request = RetrieveForMyAccountAccount::new();
        let account = self.send(None, RequestStrategy::Once, &request).await?;
        Ok(account.id.to_string())
    }

    pub(crate) async fn account(&self, account: &str) -> Result<AccountSnapshot, StripeError> {
        let request = RetrieveAccount::new(AccountId::from(account));
        Ok(snapshot(self.send(None, RequestStrategy::Once, &request).await?))
    }

    /// A single-use address; every call makes a new one, so it needs no idempotency key.
    pub(crate) async fn onboarding_link(&self, account: &str, onboarding: &Onboarding) -> Result<String, StripeError> {
        let request = CreateAccountLink::new(account, CreateAccountLinkType::AccountOnboarding)
            .return_url(&onboarding.return_url)
            .refresh_url(&onboarding.refresh_url);
        Ok(self.send(None, RequestStrategy::Once, &request).await?.url)
    }
}

fn snapshot(account: Account) -> AccountSnapshot {
    let requirements = account.requirements;
    let requirements = requirements.as_ref();
    let business = account.business_profile.and_then(|profile| profile.name);
    AccountSnapshot {
        account: account.id.to_string(),
        name: business.or_else(|| account.email.clone()),
        email: account.email,
        country: account.country,
        charges_enabled: account.charges_enabled.unwrap_or_default(),
        payouts_enabled: account.payouts_enabled.unwrap_or_default(),
        details_submitted: account.details_submitted.unwrap_or_default(),
        disabled_reason: requirements
            .and_then(|wanted| wanted.disabled_reason.as_ref())
            .map(|reason| reason.as_str().to_owned()),
        currently_due: requirements
            .and_then(|wanted| wanted.currently_due.clone())
            .unwrap_or_default(),
        past_due: requirements
            .and_then(|wanted| wanted.past_due.clone())
            .unwrap_or_default(),
        deadline: requirements
            .and_then(|wanted| wanted.current_deadline)
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
    }
}
