//! Stripe's customer portal, opened by a customer for themselves.

use model::{Refusal, popup::PopupAddress, portal::PortalState};

use crate::{Store, actor::Customer, error::Result};

/// The service; made by [`Store::portal`].
pub struct Portal<'a>(pub(crate) &'a Store);

impl Portal<'_> {
    /// # Errors
    /// When the database cannot be asked.
    pub async fn state(&self, customer: &Customer) -> Result<PortalState> {
        let Some(connection) = self.0.current_connection(customer.community.id).await? else {
            return Ok(PortalState::NoAccount);
        };
        if !connection.status(customer.community.shop_paused).serves_customers() {
            return Ok(PortalState::Unavailable);
        }
        let row = self.0.customer_row(customer, &connection).await?;
        let known = row.is_some_and(|row| row.stripe_id.is_some());
        Ok(if known {
            PortalState::Ready
        } else {
            PortalState::NoCustomer
        })
    }

    /// A portal session's address; `popup` names the window, empty for the same tab.
    ///
    /// # Errors
    /// `Refusal::StoreNotOpen`, `Refusal::NothingToManage` when nothing was ever bought here; what Stripe says.
    pub async fn open(&self, customer: &Customer, popup: &str) -> Result<PopupAddress> {
        let connection = self.0.serving_connection(&customer.community).await?;
        let row = self.0.customer_row(customer, &connection).await?;
        let stripe_id = row.and_then(|row| row.stripe_id).ok_or(Refusal::NothingToManage)?;
        let configuration = self
            .0
            .portal_config_of(&connection)
            .await?
            .and_then(|row| row.stripe_id);
        let next = format!("/c/{}/membership", customer.community.slug);
        let return_url = self.0.return_url(popup, "portal", &next);
        let answer = self
            .0
            .on(&connection)
            .open_portal(&stripe_id, configuration.as_deref(), &return_url)
            .await;
        Ok(PopupAddress {
            url: self.0.noticing(&connection, answer).await?,
        })
    }
}
