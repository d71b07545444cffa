//! What the projection needs for every situation: open invoices and waiting changes of a subscription, saved cards, setups,
//! letters, the merchant's list of what needs attention, and leases.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            // How many items it has at Stripe: zero is as good as no subscription.
            integer("item_count").default(1).to_owned(),
            // `model::letter::OpenInvoice`: the newest invoice that is not void and waits to be paid.
            json_binary_null("open_invoice"),
            // An upgrade that waits for its payment.
            uuid_null("unpaid_price_id"),
            timestamp_with_time_zone_null("unpaid_until"),
            // The later subscription on the same plan that this one gave way to (`sub_…`).
            string_null("replaced_by"),
        ] {
            manager
                .alter_table(Table::alter().table("subscription").add_column(column).to_owned())
                .await?;
        }
        // The saved payment methods (`model::card::Card`), the one that pays first.
        let cards = json_binary_null("cards");
        manager
            .alter_table(Table::alter().table("customer").add_column(cards).to_owned())
            .await?;
        manager
            .create_table(create(
                "card_setup",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    uuid("user_id"),
                    string_null("stripe_id"),
                    // open, complete or expired, as Stripe says; then saved or refused, when the card was put to use.
                    string_len("status", 16),
                    string("popup"),
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
            .create_index(plain("card_setup_stripe", "card_setup", ["connection_id", "stripe_id"]))
            .await?;
        manager
            .create_index(plain("card_setup_user", "card_setup", ["community_id", "user_id"]))
            .await?;
        manager
            .create_table(create(
                "letter",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    // What makes it be written once (`model::letter`).
                    string("key"),
                    string("recipient"),
                    string("subject"),
                    text("text"),
                    text("html"),
                    timestamp_with_time_zone("written_at"),
                    timestamp_with_time_zone_null("sent_at"),
                ],
                [("community_id", "community")],
            ))
            .await?;
        manager
            .create_index(unique("letter_once", "letter", ["community_id", "key"]))
            .await?;
        manager
            .create_table(create(
                "attention",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("connection_id"),
                    // `model::attention::AttentionKind`
                    string_len("kind", 24),
                    // Stripe's id of what it is about, or ours of a tier.
                    string("subject"),
                    uuid_null("user_id"),
                    uuid_null("subscription_id"),
                    big_integer_null("amount"),
                    string_null("currency"),
                    string_null("standing"),
                    timestamp_with_time_zone("since"),
                    // The merchant has dealt with it.
                    timestamp_with_time_zone_null("dismissed_at"),
                ],
                [
                    ("community_id", "community"),
                    ("connection_id", "connection"),
                    ("user_id", "user"),
                    ("subscription_id", "subscription"),
                ],
            ))
            .await?;
        manager
            .create_index(unique(
                "attention_once",
                "attention",
                ["connection_id", "kind", "subject"],
            ))
            .await?;
        manager
            .create_index(plain("attention_community", "attention", ["community_id"]))
            .await?;
        manager
            .create_table(create(
                "lease",
                [
                    // What is worked by one at a time.
                    string("id").primary_key().to_owned(),
                    uuid("holder"),
                    timestamp_with_time_zone("held_until"),
                ],
                [],
            ))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["lease", "attention", "letter", "card_setup"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for (table, column) in [
            ("customer", "cards"),
            ("subscription", "replaced_by"),
            ("subscription", "unpaid_until"),
            ("subscription", "unpaid_price_id"),
            ("subscription", "open_invoice"),
            ("subscription", "item_count"),
        ] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
