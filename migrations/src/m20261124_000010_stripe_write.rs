//! Until when the idempotency key of a write is sent without looking at Stripe first whether the write happened: Stripe
//! may replay a saved 500, and forgets keys after a day.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("stripe_write");
        // Empty for what was sent before: a day from then on.
        table.add_column(timestamp_with_time_zone_null("trusted_until"));
        manager.alter_table(table.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("stripe_write").drop_column("trusted_until");
        manager.alter_table(table.to_owned()).await
    }
}
