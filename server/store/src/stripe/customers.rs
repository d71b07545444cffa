//! A user as Stripe's customer on one account.

use std::collections::HashMap;

use stripe_core::customer::{CreateCustomer, ListCustomer};
use stripe_shared::Customer;

use super::{OnAccount, StripeError, made};

impl OnAccount {
    /// Makes a customer, marked as ours; the answer is its id.
    pub(crate) async fn create_customer(
        &self,
        key: &str,
        email: &str,
        metadata: HashMap<String, String>,
    ) -> Result<String, StripeError> {
        let request = CreateCustomer::new().email(email).metadata(made::by(key, metadata));
        let customer = self.create(key, &request, self.made_customer(key, email)).await?;
        Ok(customer.id.to_string())
    }

    async fn made_customer(&self, key: &str, email: &str) -> Result<Option<Customer>, StripeError> {
        let page = self.read(&ListCustomer::new().email(email).limit(100)).await?;
        let is_ours = |customer: &Customer| customer.metadata.as_ref().is_some_and(|said| made::is_by(key, said));
        Ok(page.data.into_iter().find(is_ours))
    }
}
