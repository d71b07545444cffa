//! Something the merchant has to look at.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attention")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    /// `model::attention::AttentionKind`
    pub kind: String,
    /// Stripe's id of what it is about, or ours of a tier.
    pub subject: String,
    pub user_id: Option<Uuid>,
    pub subscription_id: Option<Uuid>,
    /// In the currency's minor unit.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    /// Stripe's word for how it stands.
    pub standing: Option<String>,
    pub since: DateTimeUtc,
    /// The merchant has dealt with it.
    pub dismissed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
