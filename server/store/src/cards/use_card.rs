//! A card was saved: it becomes the customer's default and every live subscription's, and what is owed is paid with it
//! (the table "update payment method"). Every step can be repeated: its key comes from the session.

use model::subscription::SubscriptionStatus;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, card_setup, customer},
    error::Result,
    fulfillment::Done,
    stripe::InvoiceState,
};

/// What came of a saved card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Used {
    /// It is in use, and paid what was owed.
    Paid,
    /// It is in use, but an open payment was refused with it.
    Refused,
    /// It is not the customer's any more.
    NotAtAll,
}

impl Store {
    /// What came of it; nothing when the card was disconnected before it could be put to use.
    pub(super) async fn use_card(
        &self,
        connection: &Connection,
        setup: &card_setup::Model,
        card: &str,
    ) -> Result<Used> {
        let stripe = self.on(connection);
        let row = customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::UserId.eq(setup.user_id))
            .one(self.database().write())
            .await?;
        let Some((row, id)) = row.and_then(|row| row.stripe_id.clone().map(|id| (row, id))) else {
            return Ok(Used::NotAtAll);
        };
        let answer = stripe.customer_of_card(card).await;
        if self.noticing(connection, answer).await?.as_ref() != Some(&id) {
            return Ok(Used::NotAtAll);
        }
        let answer = stripe
            .set_default_card(&format!("default_card:{}", setup.id), &id, card)
            .await;
        self.noticing(connection, answer).await?;
        // Stripe's list, not ours: the events of one that was bought a moment ago may be on their way.
        let answer = stripe.subscriptions_of(&id).await;
        let subscriptions = self.noticing(connection, answer).await?;
        let mut took = true;
        for read in subscriptions.into_iter().filter(|read| !read.status.is_over()) {
            if !self.is_ours(connection, &read).await? {
                continue;
            }
            let key = format!("card:{}:{}", setup.id, read.id);
            let answer = stripe.set_card(&key, &read.id, card).await;
            self.noticing(connection, answer).await?;
            if let Some(schedule) = &read.schedule {
                // Its next phase would bring back the card it was made with.
                let answer = stripe
                    .set_schedule_card(&format!("{key}:schedule"), schedule, card)
                    .await;
                self.noticing(connection, answer).await?;
            }
            if matches!(
                read.status,
                SubscriptionStatus::Incomplete | SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid
            ) {
                took &= self
                    .pay_newest(connection, &read.id, card, &setup.id.to_string())
                    .await?;
            }
            self.sync(connection, &read.id, &Done::nothing()).await?;
        }
        self.read_customer(connection, row).await?;
        Ok(if took { Used::Paid } else { Used::Refused })
    }

    /// Pays the newest invoice that is not void with `card`, finalised first when it is a draft: the status follows that
    /// one. Older open ones may remain. `false`: the card did not pay.
    async fn pay_newest(&self, connection: &Connection, subscription: &str, card: &str, cause: &str) -> Result<bool> {
        let stripe = self.on(connection);
        let answer = stripe.invoices_of(subscription).await;
        let invoices = self.noticing(connection, answer).await?;
        let Some(newest) = invoices.iter().find(|invoice| invoice.state != InvoiceState::Void) else {
            return Ok(true);
        };
        let mut state = newest.state;
        if state == InvoiceState::Draft {
            let answer = stripe
                .finalize_invoice(&format!("finalize:{}", newest.id), &newest.id)
                .await;
            state = self.noticing(connection, answer).await?.state;
        }
        if state != InvoiceState::Open {
            return Ok(true);
        }
        let key = format!("pay:{cause}:{}", newest.id);
        match stripe.pay_invoice(&key, &newest.id, card).await {
            Err(error) if error.is_card_error() => {
                tracing::info!(invoice = newest.id, %error, "the saved card did not pay");
                Ok(false)
            }
            answer => Ok(self.noticing(connection, answer).await?.state == InvoiceState::Paid),
        }
    }
}
