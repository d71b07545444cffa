//! The configuration of Stripe's customer portal: made with the account, and again when it is ready if Stripe refused
//! it before.

use model::{
    Problem, Refusal,
    connect::{PortalConfigView, PortalSettings},
    fingerprint::Fingerprint,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::OnConflict};

use super::{Connect, Connection, https_or_empty};
use crate::{
    Store,
    actor::{Clerk, Merchant},
    entity::{Scoped, portal_config},
    error::{Error, Result},
    fingerprint,
    stripe::StripeError,
};

/// Stripe's limit.
const LONGEST_HEADLINE: usize = 60;

impl Connect<'_> {
    /// `None` while no account is connected.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn portal_config(&self, clerk: &Clerk) -> Result<Option<PortalConfigView>> {
        let Some(connection) = self.0.current_connection(clerk.community.id).await? else {
            return Ok(None);
        };
        let row = self.0.portal_config_of(&connection).await?;
        let settings = settings(row.as_ref())?;
        Ok(Some(PortalConfigView {
            shown: shown_by(&settings),
            settings,
            accepted: row.is_some_and(|row| row.stripe_id.is_some()),
        }))
    }

    /// `shown` is what the form began with; the answer is what it shows now.
    ///
    /// # Errors
    /// `Refusal::NotConnected`; `Problem::Invalid` on the field; `Problem::EditedMeanwhile`; what Stripe says.
    pub async fn change_portal_config(
        &self,
        merchant: &Merchant,
        shown: &Fingerprint,
        wanted: PortalSettings,
    ) -> Result<Fingerprint> {
        let connection = self
            .0
            .current_connection(merchant.community.id)
            .await?
            .ok_or(Refusal::NotConnected)?;
        let wanted = PortalSettings {
            headline: model::label::parse_text("headline", &wanted.headline, LONGEST_HEADLINE)?,
            privacy_policy_url: https_or_empty("privacy_policy_url", "Privacy policy", &wanted.privacy_policy_url)?,
            terms_of_service_url: https_or_empty(
                "terms_of_service_url",
                "Terms of service",
                &wanted.terms_of_service_url,
            )?,
            ..wanted
        };
        if wanted.headline.contains('\n') {
            return Err(Problem::invalid("headline", "Headline must be one line.").into());
        }
        // One at a time, so that Stripe has what is kept here.
        let name = format!("portal_config:{}", connection.id);
        let changing = self.0.change_portal_settings(&connection, shown, &wanted);
        self.0.alone(name, Box::pin(changing)).await?;
        Ok(shown_by(&wanted))
    }
}

impl Store {
    async fn change_portal_settings(
        &self,
        connection: &Connection,
        shown: &Fingerprint,
        wanted: &PortalSettings,
    ) -> Result<()> {
        let row = self.portal_config_of(connection).await?;
        let wanted_by = shown_by(wanted);
        fingerprint::check(shown, shown_by(&settings(row.as_ref())?), &wanted_by)?;
        let at_stripe = row.and_then(|row| Some((row.stripe_id?, row.updated_at.timestamp_millis())));
        let Some((stripe_id, revision)) = at_stripe else {
            self.keep_portal_settings(connection, wanted).await?;
            return self.make_portal_config(connection).await;
        };
        // Stripe first: what it refuses is not kept, and stays in the form.
        let key = format!("portal_config:{}:{revision}:{wanted_by}", connection.id);
        let answer = self.on(connection).update_portal_config(&key, &stripe_id, wanted).await;
        self.noticing(connection, answer).await?;
        self.keep_portal_settings(connection, wanted).await
    }

    /// Makes the configuration at Stripe unless it is there. A refusal is kept for later: the account may not be ready.
    pub(crate) async fn make_portal_config(&self, connection: &Connection) -> Result<()> {
        let row = self.portal_config_of(connection).await?;
        if row.as_ref().is_some_and(|row| row.stripe_id.is_some()) {
            return Ok(());
        }
        let wanted = settings(row.as_ref())?;
        if row.is_none() {
            self.keep_portal_settings(connection, &wanted).await?;
        }
        let key = format!("portal_config:{}", connection.id);
        match self
            .on(connection)
            .create_portal_config(&key, &wanted, self.public_url())
            .await
        {
            Ok(stripe_id) => {
                portal_config::Entity::update_many()
                    .col_expr(
                        portal_config::Column::StripeId,
                        sea_orm::sea_query::Expr::value(stripe_id),
                    )
                    .filter(portal_config::Column::ConnectionId.eq(connection.id.0))
                    .exec(self.database().write())
                    .await?;
                Ok(())
            }
            Err(StripeError::Refused(refused)) => {
                tracing::info!(account = connection.account, %refused, "portal configuration refused for now");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn portal_config_of(&self, connection: &Connection) -> Result<Option<portal_config::Model>> {
        Ok(portal_config::Entity::within(connection.community)
            .filter(portal_config::Column::ConnectionId.eq(connection.id.0))
            .one(self.database().read())
            .await?)
    }

    async fn keep_portal_settings(&self, connection: &Connection, wanted: &PortalSettings) -> Result<()> {
        let json = serde_json::to_value(wanted).map_err(|error| Error::inconsistent(error.to_string()))?;
        let now = self.now();
        let row = portal_config::ActiveModel {
            id: Set(self.randomness().id(now)),
            community_id: Set(connection.community.0),
            connection_id: Set(connection.id.0),
            stripe_id: Set(None),
            settings: Set(json),
            updated_at: Set(now),
        };
        portal_config::Entity::insert(row)
            .on_conflict(
                OnConflict::column(portal_config::Column::ConnectionId)
                    .update_columns([portal_config::Column::Settings, portal_config::Column::UpdatedAt])
                    .to_owned(),
            )
            .exec_without_returning(self.database().write())
            .await?;
        Ok(())
    }
}

/// As they are kept, or what they are before anybody chose.
fn settings(row: Option<&portal_config::Model>) -> Result<PortalSettings> {
    let Some(row) = row else {
        return Ok(PortalSettings {
            headline: String::new(),
            privacy_policy_url: String::new(),
            terms_of_service_url: String::new(),
            customer_update: true,
            invoice_history: true,
            payment_method_update: true,
            subscription_cancel: true,
        });
    };
    serde_json::from_value(row.settings.clone())
        .map_err(|error| Error::inconsistent(format!("portal configuration {}: {error}", row.id)))
}

/// What the form of the portal's configuration shows.
fn shown_by(settings: &PortalSettings) -> Fingerprint {
    let switches = [
        settings.customer_update,
        settings.invoice_history,
        settings.payment_method_update,
        settings.subscription_cancel,
    ];
    let texts = [
        &*settings.headline,
        &*settings.privacy_policy_url,
        &*settings.terms_of_service_url,
    ];
    fingerprint::of(
        texts
            .into_iter()
            .chain(switches.map(|on| if on { "on" } else { "off" })),
    )
}
