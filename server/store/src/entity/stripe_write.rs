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
    /// Keys given up so far, by a refusal or because they brought nothing but an old failure: the next call has a new one.
    pub refusals: i32,
    pub first_sent_at: DateTimeUtc,
    pub answered_at: Option<DateTimeUtc>,
    /// From then on the key is not sent before it is known what became of it; a day from the first time by default.
    pub trusted_until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
