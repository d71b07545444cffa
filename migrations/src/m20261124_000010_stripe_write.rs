//! Until when the idempotency key of a write is sent without looking at Stripe first whether the write happened: Stripe
//! may replay a saved 500, and forgets keys after a day.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Empty for what was sent before: a day from then on.
        let column = timestamp_with_time_zone_null("trusted_until");
        let table = Table::alter().table("stripe_write").add_column(column).take();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("stripe_write").drop_column("trusted_until").take();
        manager.alter_table(table).await
    }
}
