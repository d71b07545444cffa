//! Privileges: made, renamed and deleted by a permission manager.

use model::{Problem, Refusal, fingerprint::Fingerprint, id::PrivilegeId, label};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};

use crate::{
    actor::{Community, PermissionManager},
    entity::{Scoped, post, privilege, role_privilege},
    error::Result,
    fingerprint,
};

use super::Permissions;

impl Permissions<'_> {
    /// # Errors
    /// `Problem::Invalid` on `privilege_label`, also when there is one of that name.
    pub async fn create_privilege(&self, manager: &PermissionManager, text: &str) -> Result<()> {
        let label = label::parse("privilege_label", text)?;
        let transaction = self.0.database().begin().await?;
        free_label(&transaction, &manager.community, &label).await?;
        let now = self.0.now();
        let row = privilege::Model {
            id: self.0.randomness().id(now),
            community_id: manager.community.id.0,
            label,
            built_in: false,
            created_at: now,
        };
        row.into_active_model().insert(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn`; `Problem::Invalid` on `privilege_label`; `Problem::EditedMeanwhile`.
    pub async fn rename_privilege(
        &self,
        manager: &PermissionManager,
        id: PrivilegeId,
        shown: &Fingerprint,
        text: &str,
    ) -> Result<()> {
        let label = label::parse("privilege_label", text)?;
        let transaction = self.0.database().begin().await?;
        self.0.database().serialise(&transaction, &id.to_string()).await?;
        let row = find_made(&transaction, &manager.community, id).await?;
        fingerprint::check(shown, fingerprint::of([&*row.label]), &fingerprint::of([&*label]))?;
        if !label::is_same(&row.label, &label) {
            free_label(&transaction, &manager.community, &label).await?;
        }
        let mut row = row.into_active_model();
        row.label = Set(label);
        row.update(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(manager.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Refusal::BuiltIn`, `Refusal::PrivilegeAsked`, `Refusal::PrivilegeCarried`.
    pub async fn delete_privilege(&self, manager: &PermissionManager, id: PrivilegeId) -> Result<()> {
        let community = &manager.community;
        let transaction = self.0.database().begin().await?;
        let row = find_made(&transaction, community, id).await?;
        let asking = post::Entity::within(community.id)
            .filter(post::Column::PrivilegeId.eq(id.0))
            .count(&transaction)
            .await?;
        if asking > 0 {
            return Err(Refusal::PrivilegeAsked.into());
        }
        let carrying = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::PrivilegeId.eq(id.0))
            .count(&transaction)
            .await?;
        if carrying > 0 {
            return Err(Refusal::PrivilegeCarried.into());
        }
        let label = row.label.clone();
        row.into_active_model().delete(&transaction).await?;
        let user = Some(manager.user.user);
        self.0
            .audit(&transaction, community.id, user, "privilege deleted", &label)
            .await?;
        transaction.commit().await?;
        self.0.live().tell(community.id, None);
        Ok(())
    }
}

/// One that the merchant made: the built-in ones stay as they are.
async fn find_made(db: &impl ConnectionTrait, community: &Community, id: PrivilegeId) -> Result<privilege::Model> {
    let row = privilege::Entity::within(community.id)
        .filter(privilege::Column::Id.eq(id.0))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found("privilege"))?;
    if row.built_in {
        return Err(Refusal::BuiltIn.into());
    }
    Ok(row)
}

async fn free_label(db: &impl ConnectionTrait, community: &Community, label: &str) -> Result<()> {
    let others = privilege::Entity::within(community.id).all(db).await?;
    if others.iter().any(|row| label::is_same(&row.label, label)) {
        let message = format!("Privilege name “{label}” is used already. Choose another one.");
        return Err(Problem::invalid("privilege_label", message).into());
    }
    Ok(())
}
