//! The Checkout session in setup mode: opened, asked about, settled.

use std::collections::HashMap;

use model::{card::CardState, id::ConnectionId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set, sea_query::Expr,
};

use super::{Cards, use_card::Used};
use crate::{
    Store,
    actor::Customer,
    connect::Connection,
    entity::{Scoped, card_setup},
    error::{Error, Result},
    stripe::{CheckoutStatus, NewCardSetup},
};

/// Put to use.
const SAVED: &str = "saved";
/// Put to use, but an open payment was refused with it.
const REFUSED: &str = "refused";

impl Cards<'_> {
    /// The address of an open session; the one that is open already, or a new one.
    pub(super) async fn open_setup(&self, customer: &Customer, connection: &Connection, popup: &str) -> Result<String> {
        let store = self.0;
        let row = match self.newest(customer).await? {
            Some(row) if row.status == CheckoutStatus::Open.as_str() && row.connection_id == connection.id.0 => row,
            _ => self.note_setup(customer, connection, popup).await?,
        };
        if let Some(id) = &row.stripe_id {
            let answer = store.on(connection).checkout(id).await;
            let session = match store.noticing(connection, answer).await {
                Err(Error::Stripe(error)) if error.is_missing() => None,
                other => Some(other?),
            };
            match session {
                Some(session) if session.status == CheckoutStatus::Open => {
                    return session
                        .url
                        .ok_or_else(|| Error::inconsistent("an open checkout without an address"));
                }
                Some(_) => store.settle_card_setup(connection, id).await?,
                None => store.set_setup_status(&row, CheckoutStatus::Expired.as_str()).await?,
            }
            let row = self.note_setup(customer, connection, popup).await?;
            return self.make_session(customer, connection, &row).await;
        }
        self.make_session(customer, connection, &row).await
    }

    async fn note_setup(&self, customer: &Customer, connection: &Connection, popup: &str) -> Result<card_setup::Model> {
        let now = self.0.now();
        let row = card_setup::Model {
            id: self.0.randomness().id(now),
            community_id: customer.community.id.0,
            connection_id: connection.id.0,
            user_id: customer.user.user.0,
            stripe_id: None,
            status: CheckoutStatus::Open.as_str().to_owned(),
            popup: crate::popup_name(popup),
            created_at: now,
        };
        Ok(row.into_active_model().insert(self.0.database().write()).await?)
    }

    async fn make_session(
        &self,
        customer: &Customer,
        connection: &Connection,
        row: &card_setup::Model,
    ) -> Result<String> {
        let store = self.0;
        let slug = &customer.community.slug;
        let (saved, left) = (format!("/c/{slug}/card-saved"), format!("/c/{slug}/membership"));
        let key = format!("card_setup:{}", row.id);
        let mut forgotten = false;
        let session = loop {
            let payer = store.stripe_customer(customer, connection).await?;
            let new = NewCardSetup {
                customer: payer.clone(),
                currency: customer.community.currency,
                success_url: store.return_url(&row.popup, "saved", &saved),
                cancel_url: store.return_url(&row.popup, "left", &left),
                metadata: HashMap::from([
                    ("community".to_owned(), customer.community.id.to_string()),
                    ("user".to_owned(), customer.user.user.to_string()),
                ]),
            };
            let answer = store.on(connection).create_card_setup(&key, new).await;
            let made = store
                .unless_customer_is_gone(customer, connection, &payer, answer, &mut forgotten)
                .await?;
            if let Some(session) = made {
                break session;
            }
        };
        card_setup::Entity::update_many()
            .col_expr(card_setup::Column::StripeId, Expr::value(session.id.clone()))
            .filter(card_setup::Column::Id.eq(row.id))
            .exec(store.database().write())
            .await?;
        session
            .url
            .ok_or_else(|| Error::inconsistent("an open checkout without an address"))
    }

    pub(super) async fn setup_state(&self, customer: &Customer) -> Result<CardState> {
        let Some(row) = self.newest(customer).await? else {
            return Ok(CardState::Nothing);
        };
        if let Some(id) = row
            .stripe_id
            .as_ref()
            .filter(|_| row.status == "open" || row.status == "complete")
        {
            let connection = ConnectionId(row.connection_id);
            let connection = self.0.connection(customer.community.id, connection).await?;
            self.0.settle_card_setup(&connection, id).await?;
        }
        Ok(match self.newest(customer).await?.map(|row| row.status).as_deref() {
            Some(SAVED) => CardState::Saved,
            Some(REFUSED) => CardState::SavedButRefused,
            Some("complete") => CardState::Saving,
            _ => CardState::Nothing,
        })
    }

    async fn newest(&self, customer: &Customer) -> Result<Option<card_setup::Model>> {
        Ok(card_setup::Entity::within(customer.community.id)
            .filter(card_setup::Column::UserId.eq(customer.user.user.0))
            .order_by_desc(card_setup::Column::CreatedAt)
            .order_by_desc(card_setup::Column::Id)
            .one(self.0.database().write())
            .await?)
    }
}

impl Store {
    /// Reads a session in setup mode; when it is complete, its card is put to use, once, also when the window was closed
    /// by hand. A session that is not one of ours is left alone.
    pub(crate) async fn settle_card_setup(&self, connection: &Connection, id: &str) -> Result<()> {
        let Some(row) = self.setup_row(connection, id).await? else {
            return Ok(());
        };
        let answer = self.on(connection).checkout(id).await;
        let session = self.noticing(connection, answer).await?;
        let Some(card) = session
            .saved_card
            .filter(|_| session.status == CheckoutStatus::Complete)
        else {
            if row.status == CheckoutStatus::Open.as_str() && session.status == CheckoutStatus::Expired {
                self.set_setup_status(&row, CheckoutStatus::Expired.as_str()).await?;
            }
            return Ok(());
        };
        let name = format!("use_card:{}:{}", row.community_id, row.user_id);
        let using = Box::pin(async {
            // Whoever was first has done it.
            let Some(row) = self.setup_row(connection, id).await? else {
                return Ok(());
            };
            if row.status != CheckoutStatus::Open.as_str() && row.status != CheckoutStatus::Complete.as_str() {
                return Ok(());
            }
            self.set_setup_status(&row, CheckoutStatus::Complete.as_str()).await?;
            let status = match self.use_card(connection, &row, &card).await? {
                Used::Paid => SAVED,
                Used::Refused => REFUSED,
                Used::NotAtAll => CheckoutStatus::Expired.as_str(),
            };
            self.set_setup_status(&row, status).await
        });
        self.alone(name, using).await
    }

    /// Stripe does not find the session: no card comes of it.
    pub(crate) async fn forget_card_setup(&self, connection: &Connection, id: &str) -> Result<()> {
        match self.setup_row(connection, id).await? {
            Some(row) if row.status == CheckoutStatus::Open.as_str() => {
                self.set_setup_status(&row, CheckoutStatus::Expired.as_str()).await
            }
            _ => Ok(()),
        }
    }

    async fn setup_row(&self, connection: &Connection, id: &str) -> Result<Option<card_setup::Model>> {
        Ok(card_setup::Entity::within(connection.community)
            .filter(card_setup::Column::ConnectionId.eq(connection.id.0))
            .filter(card_setup::Column::StripeId.eq(id))
            .one(self.database().write())
            .await?)
    }

    async fn set_setup_status(&self, row: &card_setup::Model, status: &str) -> Result<()> {
        let mut row = row.clone().into_active_model();
        row.status = Set(status.to_owned());
        row.update(self.database().write()).await?;
        Ok(())
    }
}
