//! Saved payment methods: adding or replacing one (Checkout in setup mode), and disconnecting. Policy: a customer, for
//! themselves.

use model::{
    Refusal,
    card::{Card, CardState},
    id::UserId,
    popup::PopupAddress,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::ExprTrait};

use crate::{
    Store,
    actor::Customer,
    connect::Connection,
    entity::{Scoped, customer, subscription},
    error::{Error, Result},
    fulfillment::Done,
    stripe::StripeCustomer,
};

mod setup;
mod use_card;

/// The service; made by [`Store::cards`].
pub struct Cards<'a>(pub(crate) &'a Store);

impl Cards<'_> {
    /// Stripe's page to save a card on; it pays from then on (the table "update payment method"). `popup` names the
    /// window, empty for the same tab.
    ///
    /// # Errors
    /// `Refusal::StoreNotOpen`; what Stripe says.
    pub async fn update(&self, customer: &Customer, popup: &str) -> Result<PopupAddress> {
        let connection = self.0.serving_connection(&customer.community).await?;
        let name = format!("card:{}:{}", customer.community.id, customer.user.user);
        let url = self
            .0
            .alone(name, Box::pin(self.open_setup(customer, &connection, popup)))
            .await?;
        Ok(PopupAddress { url })
    }

    /// What became of the page that was opened last. A card that Stripe has is put to use here, should its event be late.
    ///
    /// # Errors
    /// What Stripe says.
    pub async fn state(&self, customer: &Customer) -> Result<CardState> {
        self.setup_state(customer).await
    }

    /// No payment method is saved any more: each is detached (the table "disconnect payment method").
    ///
    /// # Errors
    /// `Refusal::NoCard`, `Refusal::AccountGone`; what Stripe says.
    pub async fn disconnect(&self, customer: &Customer) -> Result<()> {
        let connection = self.0.reachable_connection(&customer.community).await?;
        let row = self.0.customer_row(customer, &connection).await?;
        let Some(row) = row.filter(|row| row.stripe_id.is_some()) else {
            return Err(Refusal::NoCard.into());
        };
        // Another device, or Stripe's portal, may have changed them.
        self.0.read_customer(&connection, row).await?;
        let row = self.0.customer_row(customer, &connection).await?;
        let cards = row.as_ref().map(saved).transpose()?.unwrap_or_default();
        if cards.is_empty() {
            return Err(Refusal::NoCard.into());
        }
        for card in &cards {
            let key = format!("detach:{}", card.id);
            let answer = self.0.on(&connection).detach_card(&key, &card.id).await;
            self.0.noticing(&connection, answer).await?;
        }
        if let Some(row) = row {
            self.0.read_customer(&connection, row).await?;
        }
        self.0.sync_all_of(&connection, customer.user.user).await
    }
}

/// The saved cards of a customer's row.
pub(crate) fn saved(row: &customer::Model) -> Result<Vec<Card>> {
    row.cards
        .clone()
        .map_or_else(|| Ok(Vec::new()), serde_json::from_value)
        .map_err(|error| Error::inconsistent(format!("customer {}: cards: {error}", row.id)))
}

impl Store {
    /// Projects a customer: the saved cards, or that it is gone. Another row for the user is made at the next purchase.
    /// One reading at a time: an older answer must not replace a newer one.
    pub(crate) async fn read_customer(&self, connection: &Connection, row: customer::Model) -> Result<()> {
        let Some(stripe_id) = row.stripe_id.clone() else {
            return Ok(());
        };
        let name = format!("customer:{}:{stripe_id}", connection.id);
        let reading = self.read_customer_alone(connection, UserId(row.user_id), stripe_id);
        self.alone(name, Box::pin(reading)).await
    }

    async fn read_customer_alone(&self, connection: &Connection, user: UserId, stripe_id: String) -> Result<()> {
        let answer = self.on(connection).customer(&stripe_id).await;
        let cards = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => None,
            other => match other? {
                StripeCustomer::Deleted => None,
                StripeCustomer::There { cards } => Some(cards),
            },
        };
        let db = self.database().write();
        // The row may be another Stripe customer's by now, when this one was deleted and a purchase made the next.
        let its_row = customer::Column::ConnectionId
            .eq(connection.id.0)
            .and(customer::Column::StripeId.eq(stripe_id));
        if let Some(cards) = cards {
            let json = serde_json::to_value(&cards).map_err(|error| Error::inconsistent(error.to_string()))?;
            // None at all is what a row says that was never read: nothing differs, nothing is to be repaired.
            let row = customer::ActiveModel {
                cards: Set((!cards.is_empty()).then_some(json)),
                ..Default::default()
            };
            customer::Entity::update_many()
                .set(row)
                .filter(its_row)
                .exec(db)
                .await?;
        } else {
            customer::Entity::delete_many().filter(its_row).exec(db).await?;
            self.sync_all_of(connection, user).await?;
        }
        self.live().tell(connection.community, Some(user));
        Ok(())
    }

    /// Reads every subscription of this user on this connection again.
    pub(crate) async fn sync_all_of(&self, connection: &Connection, user: UserId) -> Result<()> {
        let rows = subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::UserId.eq(user.0))
            .all(self.database().read())
            .await?;
        for row in rows {
            self.sync(connection, &row.stripe_id, &Done::nothing()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use model::card::Card;

    #[test]
    fn a_card_as_it_was_kept_before_there_were_other_methods_is_read() {
        let kept = r#"{"id":"pm_1","brand":"visa","last4":"4242","exp_month":4,"exp_year":2030,"is_default":true}"#;
        let card: Card = serde_json::from_str(kept).expect("read");
        assert_eq!(
            (card.to_string().as_str(), card.exp_month),
            ("Visa ending in 4242", Some(4))
        );
        assert_eq!(serde_json::to_string(&card).expect("written"), kept);
    }
}
