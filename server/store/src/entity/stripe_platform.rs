//! Whose Stripe platform the connected accounts are connected to: one row, [`ONLY`].

use sea_orm::entity::prelude::*;

/// The id of the row.
pub const ONLY: i32 = 1;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_platform")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The platform's own account, `acct_…`.
    pub account: String,
    pub livemode: bool,
}

impl ActiveModelBehavior for ActiveModel {}
