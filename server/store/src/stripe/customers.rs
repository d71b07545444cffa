//! A user as Stripe's customer on one account, and their saved cards.

use std::collections::HashMap;

use model::card::Card;
use stripe_core::customer::{
    CreateCustomer, ListCustomer, ListPaymentMethodsCustomer, RetrieveCustomer, RetrieveCustomerReturned,
    UpdateCustomer, UpdateCustomerInvoiceSettings,
};
use stripe_payment::payment_method::{DetachPaymentMethod, RetrievePaymentMethod};
use stripe_shared::{Customer, CustomerId, PaymentMethod, PaymentMethodId};

use super::{OnAccount, StripeError, made};

/// A customer as Stripe has it.
#[derive(Debug, Clone)]
pub(crate) enum StripeCustomer {
    Deleted,
    There {
        /// The saved cards, the default one first.
        cards: Vec<Card>,
    },
}

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

    /// Two calls: the customer, and the cards saved for it.
    pub(crate) async fn customer(&self, id: &str) -> Result<StripeCustomer, StripeError> {
        let default = match self.read(&RetrieveCustomer::new(CustomerId::from(id))).await? {
            RetrieveCustomerReturned::DeletedCustomer(_) => return Ok(StripeCustomer::Deleted),
            RetrieveCustomerReturned::Customer(customer) => customer
                .invoice_settings
                .and_then(|settings| settings.default_payment_method)
                .map(|method| method.id().to_string()),
        };
        let request = ListPaymentMethodsCustomer::new(CustomerId::from(id)).limit(100);
        let saved = self.read(&request).await?.data.into_iter();
        let mut cards: Vec<Card> = saved.filter_map(|method| card(method, default.as_deref())).collect();
        cards.sort_by_key(|card| !card.is_default);
        Ok(StripeCustomer::There { cards })
    }

    /// Makes a saved payment method the one that pays.
    pub(crate) async fn set_default_card(&self, key: &str, customer: &str, method: &str) -> Result<(), StripeError> {
        let mut settings = UpdateCustomerInvoiceSettings::new();
        settings.default_payment_method = Some(method.to_owned());
        let request = UpdateCustomer::new(CustomerId::from(customer)).invoice_settings(settings);
        self.write(key, &request).await.map(drop)
    }

    /// A payment method is not the customer's any more. One that is detached already is as good.
    pub(crate) async fn detach_card(&self, key: &str, method: &str) -> Result<(), StripeError> {
        let request = DetachPaymentMethod::new(PaymentMethodId::from(method));
        match self.write(key, &request).await {
            Err(error) if error.is_definite() && !error.is_account_gone() => {
                match self.customer_of_card(method).await? {
                    None => Ok(()),
                    Some(_) => Err(error),
                }
            }
            answer => answer.map(drop),
        }
    }

    /// Whose a payment method is, if it is anybody's.
    pub(crate) async fn customer_of_card(&self, method: &str) -> Result<Option<String>, StripeError> {
        let request = RetrievePaymentMethod::new(PaymentMethodId::from(method));
        let method = self.read(&request).await?;
        Ok(method.customer.map(|customer| customer.id().to_string()))
    }
}

fn card(method: PaymentMethod, default: Option<&str>) -> Option<Card> {
    let card = method.card?;
    Some(Card {
        is_default: default == Some(method.id.as_str()),
        id: method.id.to_string(),
        brand: card.brand,
        last4: card.last4,
        exp_month: card.exp_month,
        exp_year: card.exp_year,
    })
}
