//! A user as Stripe's customer on one connection.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    pub user_id: Uuid,
    /// `cus_…`; none while it is being made.
    pub stripe_id: Option<String>,
    pub created_at: DateTimeUtc,
    /// `Vec<model::card::Card>`, the one that pays first.
    pub cards: Option<Json>,
}

impl ActiveModelBehavior for ActiveModel {}
