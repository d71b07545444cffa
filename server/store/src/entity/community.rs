//! A tenant.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub owner_id: Uuid,
    pub currency: String,
    pub shop_paused: bool,
    pub grace_days: i16,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
