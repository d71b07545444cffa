//! A user as Stripe's customer on one account, and their saved cards.

use std::collections::HashMap;

use model::card::Card;
use stripe_core::customer::{
    CreateCustomer, ListCustomer, ListPaymentMethodsCustomer, RetrieveCustomer, RetrieveCustomerReturned,
    UpdateCustomer, UpdateCustomerInvoiceSettings,
};
use stripe_payment::payment_method::{DetachPaymentMethod, RetrievePaymentMethod};
use stripe_shared::{Customer, CustomerId, PaymentMethod, PaymentMethodId, PaymentMethodType};

use super::{OnAccount, StripeError, made};

/// A customer as Stripe has it.
#[derive(Debug, Clone)]
pub(crate) enum StripeCustomer {
    Deleted,
    There {
        /// The saved payment methods, the default one first.
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

    /// Two calls: the customer, and the payment methods saved for it.
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
        let mut cards: Vec<Card> = saved.map(|method| card(method, default.as_deref())).collect();
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

/// A saved payment method by what people know of it, whatever kind it is
/// (<https://docs.stripe.com/api/payment_methods/object#payment_method_object-type>).
fn card(method: PaymentMethod, default: Option<&str>) -> Card {
    let mut saved = Card {
        is_default: default == Some(method.id.as_str()),
        id: method.id.to_string(),
        brand: method.type_.as_str().to_owned(),
        ..Card::default()
    };
    match method.type_ {
        PaymentMethodType::Card => {
            if let Some(card) = method.card {
                saved.brand = card.brand;
                saved.last4 = Some(card.last4);
                (saved.exp_month, saved.exp_year) = (Some(card.exp_month), Some(card.exp_year));
            }
        }
        PaymentMethodType::Link => saved.email = method.link.and_then(|link| link.email),
        PaymentMethodType::Paypal => saved.email = method.paypal.and_then(|paypal| paypal.payer_email),
        PaymentMethodType::SepaDebit => saved.last4 = method.sepa_debit.and_then(|debit| debit.last4),
        PaymentMethodType::UsBankAccount => saved.last4 = method.us_bank_account.and_then(|account| account.last4),
        PaymentMethodType::BacsDebit => saved.last4 = method.bacs_debit.and_then(|debit| debit.last4),
        PaymentMethodType::AuBecsDebit => saved.last4 = method.au_becs_debit.and_then(|debit| debit.last4),
        PaymentMethodType::AcssDebit => saved.last4 = method.acss_debit.and_then(|debit| debit.last4),
        _ => {}
    }
    saved
}
