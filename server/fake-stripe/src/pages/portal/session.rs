//! Which portal session a request is for, and what its configuration lets the customer do.

use serde_json::Value;

use super::view::PortalFrame;
use crate::{
    engine::{Engine, portal::Portal},
    error::StripeError,
    fields::Fields,
    pages::{act::not_found, seller::seller_of},
};

/// A session with everything the portal's pages need of it.
pub struct PortalSession {
    pub portal: Portal,
    pub seller: String,
    /// `/p/session/{token}`.
    pub base: String,
}

impl PortalSession {
    /// Errors: there is no session with this token, or its customer is gone.
    pub fn find(engine: &Engine, token: &str) -> Result<Self, StripeError> {
        let portal = engine.portal(token).map_err(|_| not_found())?;
        Ok(Self {
            seller: seller_of(engine, &portal.account),
            base: format!("/p/session/{token}"),
            portal,
        })
    }

    /// The portal session's id.
    pub fn id(&self) -> &str {
        self.portal.session.text("id")
    }

    pub fn customer(&self) -> &str {
        self.portal.customer.text("id")
    }

    /// Whether a feature (`payment_method_update`) is on.
    pub fn allows(&self, feature: &str) -> bool {
        self.portal.configuration.flag(&format!("features.{feature}.enabled"))
    }

    /// Errors: the feature is off; its pages then do not exist.
    pub fn require(&self, feature: &str) -> Result<(), StripeError> {
        if self.allows(feature) { Ok(()) } else { Err(not_found()) }
    }

    /// Errors: the customer has no such subscription.
    pub fn subscription(&self, id: &str) -> Result<&Value, StripeError> {
        self.portal
            .subscriptions
            .iter()
            .find(|subscription| subscription.text("id") == id)
            .ok_or_else(not_found)
    }

    pub fn frame(&self) -> PortalFrame<'_> {
        let text = |path: &str| {
            self.portal
                .configuration
                .some_text(path)
                .filter(|text| !text.is_empty())
        };
        PortalFrame {
            base: self.base.clone(),
            overview: self.overview(),
            seller: &self.seller,
            headline: text("business_profile.headline"),
            return_url: self
                .portal
                .session
                .some_text("return_url")
                .or_else(|| text("default_return_url")),
            privacy_url: text("business_profile.privacy_policy_url"),
            terms_url: text("business_profile.terms_of_service_url"),
        }
    }

    /// A session for one task starts there and needs another address for its overview.
    fn overview(&self) -> String {
        if self.portal.session.has("flow") {
            format!("{}/overview", self.base)
        } else {
            self.base.clone()
        }
    }

    /// Where a task (a flow's type) ends: where its session says, or at the overview, which says what was `done`.
    pub fn after(&self, task: &str, done: &str) -> String {
        let flow = self.portal.session.at("flow");
        match flow.some_text("after_completion.redirect.return_url") {
            Some(url) if flow.text("type") == task => url.to_owned(),
            _ => format!("{}?done={done}", self.overview()),
        }
    }
}
