//! A Checkout session a customer was sent to.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkout")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    pub user_id: Uuid,
    pub plan_id: Uuid,
    pub tier_id: Uuid,
    pub price_id: Uuid,
    /// `cs_…`; none while it is being made.
    pub stripe_id: Option<String>,
    pub url: Option<String>,
    /// The name of the window that asked first.
    pub popup: String,
    /// `open`, `complete` or `expired`
    pub status: String,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
