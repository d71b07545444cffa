//! Plans, tiers, their Stripe Products and Prices.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "plan",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    string("label"),
                    boolean("archived"),
                    timestamp_with_time_zone("created_at"),
                ],
                [("community_id", "community")],
            ))
            .await?;
        manager
            .create_index(plain("plan_community", "plan", ["community_id"]))
            .await?;
        manager
            .create_table(create(
                "tier",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("plan_id"),
                    uuid("role_id"),
                    string("label"),
                    text("description"),
                    boolean("active"),
                    timestamp_with_time_zone("created_at"),
                ],
                [("community_id", "community"), ("plan_id", "plan"), ("role_id", "role")],
            ))
            .await?;
        manager.create_index(plain("tier_plan", "tier", ["plan_id"])).await?;
        manager.create_index(unique("tier_role", "tier", ["role_id"])).await?;
        manager
            .create_table(create(
                "product",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    uuid("tier_id"),
                    string_null("stripe_id"),
                    boolean("broken"),
                ],
                [
                    ("community_id", "community"),
                    ("connection_id", "connection"),
                    ("tier_id", "tier"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("product_once", "product", ["connection_id", "tier_id"]))
            .await?;
        manager
            .create_index(plain("product_stripe", "product", ["connection_id", "stripe_id"]))
            .await?;
        manager
            .create_table(create(
                "price",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    uuid("tier_id"),
                    string_null("stripe_id"),
                    string_len("interval", 8),
                    big_integer("amount"),
                    string_len("currency", 3),
                    boolean("active"),
                    timestamp_with_time_zone("created_at"),
                ],
                [
                    ("community_id", "community"),
                    ("connection_id", "connection"),
                    ("tier_id", "tier"),
                ],
            ))
            .await?;
        manager
            .create_index(
                unique("price_active", "price", ["connection_id", "tier_id", "interval"])
                    .and_where(Expr::col("active").eq(true))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(plain("price_stripe", "price", ["connection_id", "stripe_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["price", "product", "tier", "plan"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
