//! Invoices: previews of what a switch would charge (<https://docs.stripe.com/api/invoices/create_preview>).

use model::Timestamp;
use stripe_billing::invoice::{
    CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails, CreatePreviewInvoiceSubscriptionDetailsItems,
    CreatePreviewInvoiceSubscriptionDetailsProrationBehavior, RetrieveInvoice, VoidInvoiceInvoice,
};
use stripe_client_core::RequestStrategy;
use stripe_shared::{InvoiceId, InvoiceStatus};

use super::{OnAccount, StripeError};

impl OnAccount {
    /// The subscription an invoice is for, if it is for one.
    pub(crate) async fn subscription_of_invoice(&self, id: &str) -> Result<Option<String>, StripeError> {
        let invoice = self.read(&RetrieveInvoice::new(InvoiceId::from(id))).await?;
        let details = invoice.parent.and_then(|parent| parent.subscription_details);
        Ok(details.map(|details| details.subscription.id().to_string()))
    }

    /// An open invoice is not to be paid any more. One that is void already is not either.
    pub(crate) async fn void_invoice(&self, key: &str, id: &str) -> Result<(), StripeError> {
        match self.write(key, &VoidInvoiceInvoice::new(InvoiceId::from(id))).await {
            Err(error) if error.is_definite() && !error.is_account_gone() => {
                let now = self.read(&RetrieveInvoice::new(InvoiceId::from(id))).await?;
                if now.status == Some(InvoiceStatus::Void) {
                    Ok(())
                } else {
                    Err(error)
                }
            }
            voided => voided.map(drop),
        }
    }

    /// What switching `item` to `price` at `at` would charge at once, in minor units. Nothing is changed by it.
    pub(crate) async fn preview_switch(
        &self,
        subscription: &str,
        item: &str,
        price: &str,
        at: Timestamp,
    ) -> Result<i64, StripeError> {
        let mut changed = CreatePreviewInvoiceSubscriptionDetailsItems::new();
        changed.id = Some(item.to_owned());
        changed.price = Some(price.to_owned());
        let mut details = CreatePreviewInvoiceSubscriptionDetails::new();
        details.items = Some(vec![changed]);
        details.proration_behavior = Some(CreatePreviewInvoiceSubscriptionDetailsProrationBehavior::AlwaysInvoice);
        details.proration_date = Some(at.timestamp());
        let request = CreatePreviewInvoice::new()
            .subscription(subscription)
            .subscription_details(details);
        Ok(self
            .stripe
            .send(Some(&self.account), RequestStrategy::Once, &request)
            .await?
            .amount_due)
    }
}
