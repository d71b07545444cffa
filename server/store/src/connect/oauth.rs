//! Connecting an account that exists already: OAuth. The state binds the answer to the merchant who asked, so that
//! nobody can slip them an account of their own.

use hmac::{Hmac, KeyInit, Mac};
use model::{Problem, Refusal, popup::PopupAddress};
use sha2::Sha256;

use super::Connect;
use crate::{
    actor::{Merchant, Session},
    error::{Error, Result},
    url_encode,
};

impl Connect<'_> {
    /// Stripe's OAuth page.
    ///
    /// # Errors
    /// `Refusal::AlreadyConnected`; `Problem::Invalid` when no client id is configured.
    pub async fn connect_existing(&self, merchant: &Merchant, popup: &str) -> Result<PopupAddress> {
        let settings = self.0.settings();
        let client_id = settings.client_id.as_ref().ok_or_else(not_configured)?;
        let current = self.0.current_connection(merchant.community.id).await?;
        if current.is_some_and(|current| !current.disconnected) {
            return Err(Refusal::AlreadyConnected.into());
        }
        let redirect = format!("{}/connect/return", self.0.public_url());
        Ok(PopupAddress {
            url: format!(
                "{}/oauth/authorize?response_type=code&client_id={}&scope=read_write&state={}&redirect_uri={}",
                settings.connect_base,
                url_encode(client_id),
                url_encode(&self.state(merchant, popup)?),
                url_encode(&redirect)
            ),
        })
    }

    /// The merchant came back from Stripe: with a `code` its account becomes the community's, without one they said no.
    /// The answer is where the window goes on.
    ///
    /// # Errors
    /// `Problem::Invalid` when the state is not this merchant's; what Stripe says of the code.
    pub async fn finish_oauth(&self, session: &Session, state: &str, code: Option<&str>) -> Result<String> {
        let mut parts = state.splitn(3, '.');
        let (Some(slug), Some(popup)) = (parts.next(), parts.next()) else {
            return Err(wrong_state().into());
        };
        let merchant = self.0.visitor(session, slug).await?.merchant()?;
        if self.state(&merchant, popup)? != state {
            return Err(wrong_state().into());
        }
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

    /// `slug.popup.mac`
    fn state(&self, merchant: &Merchant, popup: &str) -> Result<String> {
        let popup: String = popup.chars().filter(char::is_ascii_alphanumeric).collect();
        let said = format!("{}.{popup}", merchant.community.slug);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.settings().state_secret.as_bytes())
            .map_err(|error| Error::inconsistent(error.to_string()))?;
        mac.update(format!("oauth:{}:{said}", merchant.user.user).as_bytes());
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
    Problem::invalid("state", "This answer does not belong to you. Start connecting again.")
}
