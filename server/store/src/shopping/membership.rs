//! The membership page.

use std::collections::HashMap;

use model::{
    account::AccountStatus,
    membership::{AccountTrouble, HeldRole, MembershipView, SubscriptionView},
    permissions::RoleKind,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use super::Shopping;
use crate::{
    actor::Customer,
    entity::{Scoped, grant, membership, role},
    error::Result,
    planning::tiers_for_sale,
};

impl Shopping<'_> {
    pub(super) async fn membership_view(&self, customer: &Customer) -> Result<MembershipView> {
        let community = &customer.community;
        let read = self.0.database().read();
        let user = customer.user.user;
        let joined = membership::Entity::within(community.id)
            .filter(membership::Column::UserId.eq(user.0))
            .one(read)
            .await?
            .is_some();
        let now = self.0.now();
        let grants = grant::Entity::within(community.id)
            .filter(grant::Column::UserId.eq(user.0))
            .filter(grant::Column::SubscriptionId.is_null())
            .filter(grant::Column::StartsAt.lte(now))
            .filter(
                Condition::any()
                    .add(grant::Column::EndsAt.is_null())
                    .add(grant::Column::EndsAt.gt(now)),
            )
            .all(read)
            .await?;
        let roles: HashMap<Uuid, role::Model> = role::Entity::within(community.id)
            .all(read)
            .await?
            .into_iter()
            .map(|role| (role.id, role))
            .collect();
        let held_role = |row: &grant::Model| {
            let role = roles.get(&row.role_id)?;
            let label = if role.kind == RoleKind::Owner.as_str() {
                "Owner".to_owned()
            } else {
                role.label.clone()
            };
            Some(HeldRole {
                label,
                ends_at: row.ends_at,
            })
        };
        let connection = self.0.current_connection(community.id).await?;
        let account = connection
            .as_ref()
            .map_or(AccountStatus::Unlinked, |link| link.status(community.shop_paused));
        let serves = account.serves_customers();
        let row = match &connection {
            Some(connection) => self.0.customer_row(customer, connection).await?,
            None => None,
        };
        let cards = row.as_ref().map(crate::cards::saved).transpose()?.unwrap_or_default();
        let known = row.is_some_and(|row| row.stripe_id.is_some());
        let subscriptions: Vec<SubscriptionView> = self
            .0
            .held(community, user)
            .await?
            .into_iter()
            .map(|held| held.view)
            .collect();
        let sells = subscriptions.is_empty()
            && connection.is_some()
            && !tiers_for_sale(self.0.database().read(), community.id).await?.is_empty();
        Ok(MembershipView {
            joined,
            sells,
            other_roles: grants.iter().filter_map(held_role).collect(),
            portal: serves && known,
            trouble: AccountTrouble::of(&account).filter(|_| subscriptions.iter().any(|held| !held.status.is_over())),
            may_disconnect_card: account.is_linked() && !cards.is_empty(),
            cards,
            may_update_card: serves,
            stripe_is_silent: self.0.stripe_is_silent(connection.as_ref()),
            subscriptions,
        })
    }
}
