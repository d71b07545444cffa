//! Products and Prices of tiers.

use std::collections::HashMap;

use model::{interval::Interval, money::Money};
use stripe_product::{
    price::{CreatePrice, CreatePriceRecurring, CreatePriceRecurringInterval, ListPrice, UpdatePrice},
    product::{CreateProduct, RetrieveProduct, UpdateProduct},
};
use stripe_shared::{Price, PriceId, Product, ProductId};
use stripe_types::Currency;

use super::{OnAccount, StripeError, made};

/// A price to make.
#[derive(Debug, Clone)]
pub(crate) struct NewPrice<'a> {
    pub product: &'a str,
    pub amount: Money,
    pub interval: Interval,
    pub metadata: HashMap<String, String>,
}

impl OnAccount {
    /// Makes a Product; the answer is its id. The id follows from the key, so that Stripe itself refuses to make it twice.
    /// Stripe refuses an empty description, so none is sent then.
    pub(crate) async fn create_product(
        &self,
        key: &str,
        name: &str,
        description: &str,
        metadata: HashMap<String, String>,
    ) -> Result<String, StripeError> {
        let id = ProductId::from(key.replace(':', "_"));
        let mut request = CreateProduct::new(name)
            .id(id.as_str())
            .metadata(made::by(key, metadata));
        if !description.is_empty() {
            request = request.description(description);
        }
        match self.create(key, &request, self.made_product(&id)).await {
            Err(error) if error.is_there_already() => Ok(id.to_string()),
            made => Ok(made?.id.to_string()),
        }
    }

    async fn made_product(&self, id: &ProductId) -> Result<Option<Product>, StripeError> {
        match self.read(&RetrieveProduct::new(id.clone())).await {
            Err(error) if error.is_missing() => Ok(None),
            product => product.map(Some),
        }
    }

    /// Whether a Product is still there; one that was deleted is not.
    pub(crate) async fn has_product(&self, product: &str) -> Result<bool, StripeError> {
        match self.read(&RetrieveProduct::new(ProductId::from(product))).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// An empty description is unset.
    pub(crate) async fn update_product(
        &self,
        key: &str,
        product: &str,
        name: &str,
        description: &str,
        active: bool,
    ) -> Result<(), StripeError> {
        let request = UpdateProduct::new(ProductId::from(product))
            .name(name)
            .description(description)
            .active(active);
        self.write(key, &request).await.map(drop)
    }

    pub(crate) async fn create_price(&self, key: &str, price: NewPrice<'_>) -> Result<String, StripeError> {
        let interval = match price.interval {
            Interval::Month => CreatePriceRecurringInterval::Month,
            Interval::Year => CreatePriceRecurringInterval::Year,
        };
        let currency: Currency = price
            .amount
            .currency
            .code()
            .parse()
            .unwrap_or_else(|never| match never {});
        let request = CreatePrice::new(currency)
            .product(price.product)
            .unit_amount(price.amount.minor)
            .recurring(CreatePriceRecurring::new(interval))
            .lookup_key(key)
            .metadata(made::by(key, price.metadata));
        let made = match self.create(key, &request, self.made_price(key)).await {
            Err(error) if error.is_there_already() => self.made_price(key).await?.ok_or(error)?,
            made => made?,
        };
        Ok(made.id.to_string())
    }

    /// Stripe keeps lookup keys unique, so there is one at most.
    async fn made_price(&self, key: &str) -> Result<Option<Price>, StripeError> {
        let request = ListPrice::new().lookup_keys(vec![key.to_owned()]).limit(1);
        Ok(self.read(&request).await?.data.into_iter().next())
    }

    pub(crate) async fn deactivate_price(&self, key: &str, price: &str) -> Result<(), StripeError> {
        self.write(key, &UpdatePrice::new(PriceId::from(price)).active(false))
            .await
            .map(drop)
    }

    /// Ids of the account's active prices whose product is active too: one call a hundred.
    pub(crate) async fn active_prices(&self) -> Result<Vec<String>, StripeError> {
        let mut prices = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut request = ListPrice::new()
                .active(true)
                .limit(100)
                .expand(vec!["data.product".to_owned()]);
            if let Some(after) = &after {
                request = request.starting_after(after);
            }
            let page = self.read(&request).await?;
            after = page.data.last().map(|price| price.id.to_string());
            prices.extend(
                page.data
                    .into_iter()
                    .filter(is_chargeable)
                    .map(|price| price.id.to_string()),
            );
            if !page.has_more || after.is_none() {
                return Ok(prices);
            }
        }
    }
}

fn is_chargeable(price: &Price) -> bool {
    // A deleted product has no `active`, and async-stripe reads it as no object.
    price.product.as_object().is_some_and(|product| product.active)
}
