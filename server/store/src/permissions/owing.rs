//! Members whose payment is due, for whoever views members.

use std::collections::HashMap;

use model::{
    id::{RoleId, UserId},
    permissions::OwingMember,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Permissions;
use crate::{actor::MemberViewer, entity::user, error::Result};

impl Permissions<'_> {
    /// The first to lose their role first, who lost it last.
    pub(super) async fn owing(
        &self,
        viewer: &MemberViewer,
        labels: &HashMap<RoleId, &str>,
    ) -> Result<Vec<OwingMember>> {
        let rows = self.0.owing(viewer.community.id).await?;
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(rows.iter().map(|one| one.subscription.user_id)))
            .all(self.0.database().read())
            .await?;
        let mut owing = Vec::new();
        for one in rows {
            let invoice = crate::letters::open_invoice(&one.subscription)?;
            let user = users.iter().find(|user| user.id == one.subscription.user_id);
            let label = one.role.and_then(|role| labels.get(&RoleId(role)).copied());
            owing.push(OwingMember {
                user: UserId(one.subscription.user_id),
                email: user.map(|user| user.email.clone()).unwrap_or_default(),
                role_label: label.unwrap_or("–").to_owned(),
                until: one.until,
                due: invoice.as_ref().map(|invoice| invoice.amount),
                next_attempt: invoice.and_then(|invoice| invoice.next_attempt),
            });
        }
        Ok(owing)
    }
}
