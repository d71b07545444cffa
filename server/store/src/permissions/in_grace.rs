//! Members who keep a role though a payment is due, for whoever views members.

use std::collections::HashMap;

use model::{
    id::{RoleId, UserId},
    permissions::InGrace,
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Permissions;
use crate::{
    actor::MemberViewer,
    entity::{Scoped, grant, subscription, user},
    error::Result,
};

impl Permissions<'_> {
    /// The first to lose it first.
    pub(super) async fn in_grace(&self, viewer: &MemberViewer, labels: &HashMap<RoleId, &str>) -> Result<Vec<InGrace>> {
        let read = self.0.database().read();
        let community = viewer.community.id;
        let due = subscription::Entity::within(community)
            .filter(subscription::Column::Status.eq(SubscriptionStatus::PastDue.as_str()))
            .all(read)
            .await?;
        let grants = grant::Entity::within(community)
            .filter(grant::Column::SubscriptionId.is_in(due.iter().map(|row| row.id)))
            .filter(grant::Column::EndsAt.gt(self.0.now()))
            .order_by_asc(grant::Column::EndsAt)
            .all(read)
            .await?;
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(grants.iter().map(|grant| grant.user_id)))
            .all(read)
            .await?;
        let mut in_grace = Vec::new();
        for grant in grants {
            let row = due.iter().find(|row| Some(row.id) == grant.subscription_id);
            let (Some(row), Some(until)) = (row, grant.ends_at) else {
                continue;
            };
            let invoice = crate::letters::open_invoice(row)?;
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
