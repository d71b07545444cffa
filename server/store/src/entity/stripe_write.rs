//! A write to Stripe, noted before it is sent, by its idempotency key.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_write")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// The idempotency key.
    pub id: String,
    pub account: String,
    /// Definite refusals so far: each makes the next attempt a new call.
    pub refusals: i32,
    pub first_sent_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
