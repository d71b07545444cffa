//! Communities and their permission system.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "community",
                [
                    pk_uuid("id"),
                    string_uniq("slug"),
                    string("name"),
                    text("description"),
                    uuid("owner_id"),
                    string_len("currency", 3),
                    boolean("shop_paused"),
                    small_integer("grace_days"),
                    timestamp_with_time_zone("created_at"),
                ],
                [("owner_id", "user")],
            ))
            .await?;
        manager
            .create_table(create(
                "membership",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("user_id"),
                    timestamp_with_time_zone("joined_at"),
                ],
                [("community_id", "community"), ("user_id", "user")],
            ))
            .await?;
        manager
            .create_index(unique("membership_once", "membership", ["community_id", "user_id"]))
            .await?;
        manager
            .create_index(plain("membership_user", "membership", ["user_id"]))
            .await?;
        manager
            .create_table(create(
                "privilege",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    string("label"),
                    boolean("built_in"),
                    timestamp_with_time_zone("created_at"),
                ],
                [("community_id", "community")],
            ))
            .await?;
        manager
            .create_index(unique("privilege_label", "privilege", ["community_id", "label"]))
            .await?;
        manager
            .create_table(create(
                "role",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    string("label"),
                    string_len("kind", 16),
                    timestamp_with_time_zone("created_at"),
                ],
                [("community_id", "community")],
            ))
            .await?;
        manager
            .create_index(plain("role_community", "role", ["community_id"]))
            .await?;
        manager
            .create_table(create(
                "role_privilege",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("role_id"),
                    uuid("privilege_id"),
                ],
                [
                    ("community_id", "community"),
                    ("role_id", "role"),
                    ("privilege_id", "privilege"),
                ],
            ))
            .await?;
        manager
            .create_index(unique(
                "role_privilege_once",
                "role_privilege",
                ["role_id", "privilege_id"],
            ))
            .await?;
        manager
            .create_index(plain("role_privilege_community", "role_privilege", ["community_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["role_privilege", "role", "privilege", "membership", "community"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
