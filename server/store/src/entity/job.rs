//! Work that waits, or needs attention.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub subject: String,
    pub payload: Json,
    pub created_at: DateTimeUtc,
    pub run_at: DateTimeUtc,
    pub attempts: i32,
    pub claimed_until: Option<DateTimeUtc>,
    pub claim: Option<Uuid>,
    pub last_error: Option<String>,
    /// `waiting` or `needs_attention`
    pub state: String,
}

impl ActiveModelBehavior for ActiveModel {}
