//! Members who keep a role though a payment is due, for whoever views members.

use std::collections::HashMap;

use model::{
    id::{RoleId, UserId},
    permissions::InGrace,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Permissions;
use crate::{actor::MemberViewer, entity::user, error::Result};

impl Permissions<'_> {
    /// The first to lose it first.
    pub(super) async fn in_grace(&self, viewer: &MemberViewer, labels: &HashMap<RoleId, &str>) -> Result<Vec<InGrace>> {
        let rows = self.0.in_grace(viewer.community.id).await?;
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(rows.iter().map(|(grant, _)| grant.user_id)))
            .all(self.0.database().read())
            .await?;
        let mut in_grace = Vec::new();
        for (grant, row) in rows {
            let Some(until) = grant.ends_at else { continue };
            let invoice = crate::letters::open_invoice(&row)?;
            let user = users.iter().find(|user| user.id == grant.user_id);
            in_grace.push(InGrace {
                user: UserId(grant.user_id),
                email: user.map(|user| user.email.clone()).unwrap_or_default(),
                role_label: labels
                    .get(&RoleId(grant.role_id))
                    .copied()
                    .unwrap_or_default()
                    .to_owned(),
                until,
                due: invoice.as_ref().map(|invoice| invoice.amount),
                next_attempt: invoice.and_then(|invoice| invoice.next_attempt),
            });
        }
        Ok(in_grace)
    }
}
