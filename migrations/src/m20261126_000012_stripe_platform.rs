//! Whose Stripe platform the connected accounts are connected to: one row, written at the first start.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // There is one row, 1.
            integer("id").primary_key().take(),
            // `acct_…`
            string("account").take(),
            boolean("livemode").take(),
        ];
        manager
            .create_table(table::create("stripe_platform", columns, []))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("stripe_platform").take()).await
    }
}
