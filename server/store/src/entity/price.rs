//! One immutable Stripe Price of a tier.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    pub tier_id: Uuid,
    /// `price_…`; none while it is being made.
    pub stripe_id: Option<String>,
    /// `month` or `year`
    pub interval: String,
    /// In the currency's minor unit.
    pub amount: i64,
    pub currency: String,
    pub active: bool,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
