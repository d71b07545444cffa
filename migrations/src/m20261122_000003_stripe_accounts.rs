//! Links to Stripe accounts, the portal configuration that goes with one, and customers on it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "connection",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    string("account"),
                    boolean("current"),
                    json_binary("snapshot"),
                    timestamp_with_time_zone("linked_at"),
                    timestamp_with_time_zone("read_at"),
                    timestamp_with_time_zone_null("ended_at"),
                    string_null("ended_reason"),
                    boolean("disconnected"),
                ],
                [("community_id", "community")],
            ))
            .await?;
        manager
            .create_index(
                unique("connection_current", "connection", ["community_id"])
                    .and_where(Expr::col("current").eq(true))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(plain("connection_account", "connection", ["account"]))
            .await?;
        manager
            .create_table(create(
                "portal_config",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    string_null("stripe_id"),
                    json_binary("settings"),
                    timestamp_with_time_zone("updated_at"),
                ],
                [("community_id", "community"), ("connection_id", "connection")],
            ))
            .await?;
        manager
            .create_index(unique("portal_config_once", "portal_config", ["connection_id"]))
            .await?;
        manager
            .create_table(create(
                "customer",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    uuid("user_id"),
                    string_null("stripe_id"),
                    timestamp_with_time_zone("created_at"),
                ],
                [
                    ("community_id", "community"),
                    ("connection_id", "connection"),
                    ("user_id", "user"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("customer_once", "customer", ["connection_id", "user_id"]))
            .await?;
        manager
            .create_index(plain("customer_stripe", "customer", ["connection_id", "stripe_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["customer", "portal_config", "connection"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
