//! A user as Stripe's customer on one account.

use std::collections::HashMap;

use stripe_core::customer::CreateCustomer;

use super::{OnAccount, StripeError};

impl OnAccount {
    /// Makes a customer, marked as ours; the answer is its id.
    pub(crate) async fn create_customer(
        &self,
        key: &str,
        email: &str,
        metadata: HashMap<String, String>,
    ) -> Result<String, StripeError> {
        let request = CreateCustomer::new().email(email).metadata(metadata);
        Ok(self.write(key, &request).await?.id.to_string())
    }
}
