//! A post, perhaps behind a privilege.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub author_id: Uuid,
    pub title: String,
    pub teaser: String,
    /// Markdown.
    pub body: String,
    pub privilege_id: Option<Uuid>,
    pub published_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
