//! A community's link to one Stripe account; at most one is current, old ones are kept.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connection")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    /// `acct_…`
    pub account: String,
    pub current: bool,
    /// `model::account::AccountSnapshot`, as last read.
    pub snapshot: Json,
    pub linked_at: DateTimeUtc,
    pub read_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_reason: Option<String>,
    /// Access was taken away at Stripe, by event or by its answer to a call.
    pub disconnected: bool,
}

impl ActiveModelBehavior for ActiveModel {}
