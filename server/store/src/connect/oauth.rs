//! Connecting an account that exists already: OAuth. The state binds the answer to the browser in which the merchant asked,
//! for a quarter of an hour (RFC 9700, 4.7), so that nobody can slip them an account of their own. A store that is connected
//! keeps its account: what comes back once more changes nothing ([`crate::Store::link`]).

use chrono::{DateTime, Duration};
use hmac::{Hmac, KeyInit, Mac};
use model::{Problem, Refusal, Timestamp, popup::PopupAddress};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::Connect;
use crate::{
    actor::{Merchant, Session},
    error::{Error, Result},
    url_encode,
};

/// How long a merchant has at Stripe's page.
const STATE_LIFETIME: Duration = Duration::minutes(15);
/// How far the clocks of several processes may be apart.
const CLOCK_SKEW: Duration = Duration::minutes(1);

impl Connect<'_> {
    /// Stripe's OAuth page.
    ///
    /// # Errors
    /// `Refusal::AlreadyConnected`; `Problem::Invalid` when no client id is configured.
    pub async fn connect_existing(&self, session: &Session, merchant: &Merchant, popup: &str) -> Result<PopupAddress> {
        let settings = self.0.settings();
        let client_id = settings.client_id.as_ref().ok_or_else(not_configured)?;
        self.not_connected(merchant).await?;
        let redirect = format!("{}/connect/return", self.0.public_url());
        Ok(PopupAddress {
            url: format!(
                "{}/oauth/authorize?response_type=code&client_id={}&scope=read_write&state={}&redirect_uri={}",
                settings.connect_base,
                url_encode(client_id),
                url_encode(&self.state(session, merchant, popup, self.0.now())?),
                url_encode(&redirect)
            ),
        })
    }

    /// The merchant came back from Stripe: with a `code` its account becomes the community's, without one they said no.
    /// The answer is where the window goes on.
    ///
    /// # Errors
    /// `Problem::Invalid` when the state is not this browser's, or too old; `Refusal::AlreadyConnected`; what Stripe says of the
    /// code.
    pub async fn finish_oauth(&self, session: &Session, state: &str, code: Option<&str>) -> Result<String> {
        let mut parts = state.splitn(4, '.');
        let (Some(slug), Some(popup), Some(at)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong_state().into());
        };
        let merchant = self.0.visitor(session, slug).await?.merchant()?;
        let at = at.parse::<i64>().ok().and_then(|at| DateTime::from_timestamp(at, 0));
        let at = at.ok_or_else(wrong_state)?;
        let right: bool = self
            .state(session, &merchant, popup, at)?
            .as_bytes()
            .ct_eq(state.as_bytes())
            .into();
        let age = self.0.now() - at;
        if !right || age > STATE_LIFETIME || age < -CLOCK_SKEW {
            return Err(wrong_state().into());
        }
        self.not_connected(&merchant).await?;
        let outcome = if let Some(code) = code {
            let account = self
                .0
                .stripe()
                .oauth_connect(&self.0.settings().connect_base, code)
                .await?;
            let snapshot = self.0.stripe().account(&account).await?;
            self.0.link(&merchant, &snapshot).await?;
            "connected"
        } else {
            "denied"
        };
        Ok(self.0.return_url(popup, outcome, &format!("/c/{slug}/manage/store")))
    }

    async fn not_connected(&self, merchant: &Merchant) -> Result<()> {
        let current = self.0.current_connection(merchant.community.id).await?;
        if current.is_some_and(|current| !current.disconnected) {
            return Err(Refusal::AlreadyConnected.into());
        }
        Ok(())
    }

    /// `slug.popup.seconds.mac`
    fn state(&self, session: &Session, merchant: &Merchant, popup: &str, at: Timestamp) -> Result<String> {
        let popup = crate::popup_name(popup);
        let said = format!("{}.{popup}.{}", merchant.community.slug, at.timestamp());
        let browser = session.token_hash.as_deref().unwrap_or_default();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.settings().state_secret.as_bytes())
            .map_err(|error| Error::inconsistent(error.to_string()))?;
        mac.update(format!("oauth:{}:{browser}:{said}", merchant.user.user).as_bytes());
        Ok(format!("{said}.{}", hex::encode(mac.finalize().into_bytes())))
    }
}

fn not_configured() -> Problem {
    Problem::invalid(
        "account",
        "Connecting an existing account is not set up on this platform.",
    )
}

fn wrong_state() -> Problem {
    Problem::invalid(
        "state",
        "This answer does not belong to this browser, or came too late. Start connecting again.",
    )
}
