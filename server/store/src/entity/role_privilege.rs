//! A privilege that a role carries.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_privilege")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub role_id: Uuid,
    pub privilege_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
