//! An event as Stripe delivered it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `acct_…`, or empty for the platform itself.
    pub account: String,
    /// `evt_…`
    pub stripe_id: String,
    pub kind: String,
    pub livemode: bool,
    pub api_version: Option<String>,
    pub object_id: Option<String>,
    pub object_kind: Option<String>,
    pub created_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    pub payload: String,
    /// `received`, `done` or `not_ours`
    pub state: String,
    pub note: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
