//! A tier's Stripe Product on one connection.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    pub tier_id: Uuid,
    /// `prod_…`; none while it is being made.
    pub stripe_id: Option<String>,
    /// It is gone at Stripe.
    pub broken: bool,
}

impl ActiveModelBehavior for ActiveModel {}
