//! The webhook inbox, the queue of jobs, calls to Stripe that must not happen twice, and the audit log.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "webhook_event",
                [
                    pk_uuid("id"),
                    // The connected account it came from; empty for the platform itself.
                    string("account"),
                    string("stripe_id"),
                    string("kind"),
                    boolean("livemode"),
                    string_null("api_version"),
                    string_null("object_id"),
                    string_null("object_kind"),
                    timestamp_with_time_zone("created_at"),
                    timestamp_with_time_zone("received_at"),
                    text("payload"),
                    // received, done or not_ours
                    string_len("state", 16),
                    string_null("note"),
                ],
                [],
            ))
            .await?;
        manager
            .create_index(unique("webhook_event_once", "webhook_event", ["account", "stripe_id"]))
            .await?;
        manager
            .create_table(create(
                "job",
                [
                    pk_uuid("id"),
                    string_len("kind", 32),
                    // What it is about: waiting jobs about the same thing are worked once.
                    string("subject"),
                    json_binary("payload"),
                    timestamp_with_time_zone("created_at"),
                    timestamp_with_time_zone("run_at"),
                    integer("attempts"),
                    timestamp_with_time_zone_null("claimed_until"),
                    // Set while claimed; only its holder may finish the job.
                    uuid_null("claim"),
                    text_null("last_error"),
                    // waiting or needs_attention; finished jobs are deleted.
                    string_len("state", 16),
                ],
                [],
            ))
            .await?;
        manager
            .create_index(plain("job_due", "job", ["state", "run_at"]))
            .await?;
        manager
            .create_index(plain("job_subject", "job", ["subject", "state"]))
            .await?;
        manager
            .create_table(create(
                "stripe_write",
                [
                    // The idempotency key, derived from the operation and the row that caused it.
                    string("id").primary_key().to_owned(),
                    string("account"),
                    // Definite refusals so far: each makes the next attempt a new call.
                    integer("refusals"),
                    timestamp_with_time_zone("first_sent_at"),
                    timestamp_with_time_zone_null("answered_at"),
                ],
                [],
            ))
            .await?;
        manager
            .create_table(create(
                "audit_entry",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid_null("user_id"),
                    string("action"),
                    text("detail"),
                    timestamp_with_time_zone("created_at"),
                ],
                [("community_id", "community"), ("user_id", "user")],
            ))
            .await?;
        manager
            .create_index(plain(
                "audit_entry_community",
                "audit_entry",
                ["community_id", "created_at"],
            ))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_entry", "stripe_write", "job", "webhook_event"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
