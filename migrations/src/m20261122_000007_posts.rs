//! Posts, each perhaps behind a privilege.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{create, plain};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(create(
                "post",
                [
                    pk_uuid("id"),
                    uuid("community_id"),
                    uuid("author_id"),
                    string("title"),
                    text("teaser"),
                    text("body"),
                    uuid_null("privilege_id"),
                    timestamp_with_time_zone("published_at"),
                ],
                [
                    ("community_id", "community"),
                    ("author_id", "user"),
                    ("privilege_id", "privilege"),
                ],
            ))
            .await?;
        manager
            .create_index(plain("post_community", "post", ["community_id", "published_at"]))
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["post"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
