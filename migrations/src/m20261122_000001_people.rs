//! Users, their sessions, and attempts to sign in.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "user",
                [
                    pk_uuid("id"),
                    string_uniq("email"),
                    timestamp_with_time_zone("created_at"),
                ],
                [],
            ))
            .await?;
        manager
            .create_table(create(
                "session",
                [
                    pk_uuid("id"),
                    uuid("user_id"),
                    string_uniq("token_hash"),
                    timestamp_with_time_zone("created_at"),
                    timestamp_with_time_zone("expires_at"),
                ],
                [("user_id", "user")],
            ))
            .await?;
        manager
            .create_index(plain("session_user", "session", ["user_id"]))
            .await?;
        manager
            .create_table(create(
                "sign_in_attempt",
                [
                    pk_uuid("id"),
                    string("email"),
                    string("client"),
                    string_uniq("token_hash"),
                    string("code_hash"),
                    integer("wrong_codes"),
                    timestamp_with_time_zone("created_at"),
                    timestamp_with_time_zone("expires_at"),
                    timestamp_with_time_zone_null("used_at"),
                ],
                [],
            ))
            .await?;
        manager
            .create_index(plain(
                "sign_in_attempt_email",
                "sign_in_attempt",
                ["email", "created_at"],
            ))
            .await?;
        manager
            .create_index(plain(
                "sign_in_attempt_client",
                "sign_in_attempt",
                ["client", "created_at"],
            ))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["sign_in_attempt", "session", "user"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
