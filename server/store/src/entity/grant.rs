//! A user's hold on a role for a window of time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub user_id: Uuid,
    pub role_id: Uuid,
    pub starts_at: DateTimeUtc,
    /// Exclusive; none: open.
    pub ends_at: Option<DateTimeUtc>,
    /// `subscription`, `gift` or `owner`
    pub source: String,
    pub subscription_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
