//! Checkouts, subscriptions, and the grants that follow from them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "checkout",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    uuid("user_id"),
                    uuid("plan_id"),
                    uuid("tier_id"),
                    uuid("price_id"),
                    string_null("stripe_id"),
                    text_null("url"),
                    // The window that asked first: the same call is made again after a crash.
                    string("popup"),
                    // open, complete or expired, as Stripe says; `open` from the moment it is asked for.
                    string_len("status", 16),
                    timestamp_with_time_zone("created_at"),
                    timestamp_with_time_zone_null("expires_at"),
                ],
                [
                    ("community_id", "community"),
                    ("connection_id", "connection"),
                    ("user_id", "user"),
                    ("plan_id", "plan"),
                    ("tier_id", "tier"),
                    ("price_id", "price"),
                ],
            ))
            .await?;
        // At most one checkout is open for a customer and plan.
        manager
            .create_index(
                unique("checkout_open", "checkout", ["user_id", "plan_id"])
                    .and_where(Expr::col("status").eq("open"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(plain("checkout_stripe", "checkout", ["connection_id", "stripe_id"]))
            .await?;
        manager
            .create_table(create(
                "subscription",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    uuid("user_id"),
                    uuid("plan_id"),
                    uuid_null("tier_id"),
                    uuid_null("price_id"),
                    string("stripe_id"),
                    string("item_id"),
                    string_len("status", 24),
                    timestamp_with_time_zone("stripe_created"),
                    timestamp_with_time_zone("period_start"),
                    timestamp_with_time_zone("period_end"),
                    timestamp_with_time_zone_null("trial_end"),
                    boolean("cancel_at_period_end"),
                    timestamp_with_time_zone_null("cancel_at"),
                    timestamp_with_time_zone_null("first_failed_at"),
                    string_null("schedule_id"),
                    uuid_null("pending_price_id"),
                    timestamp_with_time_zone_null("pending_at"),
                    string_null("latest_invoice"),
                    text_null("pay_url"),
                    // Grows with each projection: a writer that read Stripe before another one wrote is told so.
                    big_integer("revision"),
                    timestamp_with_time_zone("updated_at"),
                ],
                [
                    ("community_id", "community"),
                    ("connection_id", "connection"),
                    ("user_id", "user"),
                    ("plan_id", "plan"),
                    ("tier_id", "tier"),
                    ("price_id", "price"),
                    ("pending_price_id", "price"),
                ],
            ))
            .await?;
        manager
            .create_index(unique(
                "subscription_stripe",
                "subscription",
                ["connection_id", "stripe_id"],
            ))
            .await?;
        manager
            .create_index(plain("subscription_user", "subscription", ["community_id", "user_id"]))
            .await?;
        manager
            .create_index(plain("subscription_plan", "subscription", ["plan_id", "user_id"]))
            .await?;
        manager
            .create_table(create(
                "grant",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("user_id"),
                    uuid("role_id"),
                    timestamp_with_time_zone("starts_at"),
                    timestamp_with_time_zone_null("ends_at"),
                    // subscription, gift or owner
                    string_len("source", 16),
                    uuid_null("subscription_id"),
                    timestamp_with_time_zone("created_at"),
                ],
                [
                    ("community_id", "community"),
                    ("user_id", "user"),
                    ("role_id", "role"),
                    ("subscription_id", "subscription"),
                ],
            ))
            .await?;
        // A subscription gives one role at a time: never both while switching, never twice for a repeated event.
        manager
            .create_index(unique("grant_subscription", "grant", ["subscription_id"]))
            .await?;
        manager
            .create_index(plain("grant_user", "grant", ["community_id", "user_id"]))
            .await?;
        manager.create_index(plain("grant_role", "grant", ["role_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["grant", "subscription", "checkout"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
