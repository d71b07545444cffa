//! A Checkout session in setup mode: a customer was sent to save a card.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "card_setup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    pub user_id: Uuid,
    /// `cs_…`; none while it is being made.
    pub stripe_id: Option<String>,
    /// `open`, `complete` or `expired`, as Stripe says; then `saved` or `refused`, when the card was put to use.
    pub status: String,
    /// The name of the window.
    pub popup: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
