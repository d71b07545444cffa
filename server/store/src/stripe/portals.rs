//! Stripe's customer portal: its configuration and sessions (<https://docs.stripe.com/customer-management>).
//!
//! Switching prices is left to us: across plans it would break "one subscription belongs to one plan".

use std::collections::HashMap;

use model::connect::PortalSettings;
use stripe_billing::{
    BillingPortalConfiguration,
    billing_portal_configuration::{
        CreateBillingPortalConfiguration, CreateBillingPortalConfigurationBusinessProfile,
        CreateBillingPortalConfigurationFeatures, CreateBillingPortalConfigurationFeaturesCustomerUpdate,
        CreateBillingPortalConfigurationFeaturesCustomerUpdateAllowedUpdates,
        CreateBillingPortalConfigurationFeaturesSubscriptionCancel,
        CreateBillingPortalConfigurationFeaturesSubscriptionCancelMode, InvoiceListParam,
        ListBillingPortalConfiguration, PaymentMethodUpdateParam, UpdateBillingPortalConfiguration,
        UpdateBillingPortalConfigurationBusinessProfile, UpdateBillingPortalConfigurationFeatures,
        UpdateBillingPortalConfigurationFeaturesCustomerUpdate,
        UpdateBillingPortalConfigurationFeaturesCustomerUpdateAllowedUpdates,
        UpdateBillingPortalConfigurationFeaturesSubscriptionCancel,
        UpdateBillingPortalConfigurationFeaturesSubscriptionCancelMode,
    },
    billing_portal_session::CreateBillingPortalSession,
};
use stripe_client_core::RequestStrategy;

use super::{OnAccount, StripeError, made};

impl OnAccount {
    /// The answer is the configuration's id.
    pub(crate) async fn create_portal_config(
        &self,
        key: &str,
        wanted: &PortalSettings,
        return_url: &str,
    ) -> Result<String, StripeError> {
        let mut features = CreateBillingPortalConfigurationFeatures::new();
        let mut update = CreateBillingPortalConfigurationFeaturesCustomerUpdate::new(wanted.customer_update);
        update.allowed_updates = Some(vec![
            CreateBillingPortalConfigurationFeaturesCustomerUpdateAllowedUpdates::Name,
            CreateBillingPortalConfigurationFeaturesCustomerUpdateAllowedUpdates::Address,
        ]);
        features.customer_update = Some(update);
        features.invoice_history = Some(InvoiceListParam::new(wanted.invoice_history));
        features.payment_method_update = Some(PaymentMethodUpdateParam::new(wanted.payment_method_update));
        let mut cancel = CreateBillingPortalConfigurationFeaturesSubscriptionCancel::new(wanted.subscription_cancel);
        cancel.mode = Some(CreateBillingPortalConfigurationFeaturesSubscriptionCancelMode::AtPeriodEnd);
        features.subscription_cancel = Some(cancel);
        let mut profile = CreateBillingPortalConfigurationBusinessProfile::new();
        profile.headline = filled(&wanted.headline);
        profile.privacy_policy_url = filled(&wanted.privacy_policy_url);
        profile.terms_of_service_url = filled(&wanted.terms_of_service_url);
        let request = CreateBillingPortalConfiguration::new(features)
            .business_profile(profile)
            .default_return_url(return_url)
            .metadata(made::by(key, HashMap::new()));
        let configuration = self.create(key, &request, self.made_portal_config(key)).await?;
        Ok(configuration.id.to_string())
    }

    async fn made_portal_config(&self, key: &str) -> Result<Option<BillingPortalConfiguration>, StripeError> {
        let page = self.read(&ListBillingPortalConfiguration::new().limit(100)).await?;
        let is_ours = |configuration: &BillingPortalConfiguration| {
            let said = configuration.metadata.as_ref();
            said.is_some_and(|said| made::is_by(key, said))
        };
        Ok(page.data.into_iter().find(is_ours))
    }

    /// Empty texts unset what was there.
    pub(crate) async fn update_portal_config(
        &self,
        key: &str,
        id: &str,
        wanted: &PortalSettings,
    ) -> Result<(), StripeError> {
        let mut features = UpdateBillingPortalConfigurationFeatures::new();
        let mut update = UpdateBillingPortalConfigurationFeaturesCustomerUpdate::new();
        update.enabled = Some(wanted.customer_update);
        update.allowed_updates = Some(vec![
            UpdateBillingPortalConfigurationFeaturesCustomerUpdateAllowedUpdates::Name,
            UpdateBillingPortalConfigurationFeaturesCustomerUpdateAllowedUpdates::Address,
        ]);
        features.customer_update = Some(update);
        features.invoice_history = Some(InvoiceListParam::new(wanted.invoice_history));
        features.payment_method_update = Some(PaymentMethodUpdateParam::new(wanted.payment_method_update));
        let mut cancel = UpdateBillingPortalConfigurationFeaturesSubscriptionCancel::new();
        cancel.enabled = Some(wanted.subscription_cancel);
        cancel.mode = Some(UpdateBillingPortalConfigurationFeaturesSubscriptionCancelMode::AtPeriodEnd);
        features.subscription_cancel = Some(cancel);
        let mut profile = UpdateBillingPortalConfigurationBusinessProfile::new();
        profile.headline = Some(wanted.headline.clone());
        profile.privacy_policy_url = Some(wanted.privacy_policy_url.clone());
        profile.terms_of_service_url = Some(wanted.terms_of_service_url.clone());
        let request = UpdateBillingPortalConfiguration::new(id)
            .features(features)
            .business_profile(profile);
        self.write(key, &request).await.map(drop)
    }

    /// The answer is the portal's address, good for a short while; every call makes a new one.
    pub(crate) async fn open_portal(
        &self,
        customer: &str,
        configuration: Option<&str>,
        return_url: &str,
    ) -> Result<String, StripeError> {
        let mut request = CreateBillingPortalSession::new()
            .customer(customer)
            .return_url(return_url);
        if let Some(configuration) = configuration {
            request = request.configuration(configuration);
        }
        Ok(self
            .stripe
            .send(Some(&self.account), RequestStrategy::Once, &request)
            .await?
            .url)
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
