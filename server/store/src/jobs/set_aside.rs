//! The job that remembers what was set aside (`shopping/waiting_change.rs`): there is one for a subscription at most, and
//! mostly it is forgotten before it is due.

use model::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{SET_ASIDE, claim::payload};
use crate::{
    Store,
    entity::job,
    error::Result,
    shopping::{BROUGHT_BACK_AFTER, SetAside, Was},
};

impl Store {
    /// In place of what was set aside before.
    pub(crate) async fn enqueue_set_aside(&self, set_aside: &SetAside) -> Result<()> {
        let due = self.now() + BROUGHT_BACK_AFTER;
        self.enqueue_set_aside_for(set_aside, due).await
    }

    /// The same, due at `due` only.
    pub(crate) async fn enqueue_set_aside_for(&self, set_aside: &SetAside, due: Timestamp) -> Result<()> {
        let subject = set_aside.subject();
        let transaction = self.database().begin().await?;
        forget(&transaction, &subject).await?;
        self.enqueue_for(&transaction, due, SET_ASIDE, subject, set_aside)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What it waited for has come, or will not come: it is due now. In the transaction that writes so.
    pub(crate) async fn hurry_set_aside(
        &self,
        db: &impl ConnectionTrait,
        account: &str,
        subscription: Uuid,
    ) -> Result<()> {
        let subject = SetAside::subject_of(account, subscription);
        job::Entity::update_many()
            .col_expr(job::Column::RunAt, Expr::value(self.now()))
            .filter(job::Column::Kind.eq(SET_ASIDE))
            .filter(job::Column::Subject.eq(subject))
            .exec(db)
            .await?;
        Ok(())
    }

    /// What is set aside of this subscription (our row) on this account.
    pub(crate) async fn set_aside_of(&self, account: &str, subscription: Uuid) -> Result<Option<SetAside>> {
        let row = job::Entity::find()
            .filter(job::Column::Kind.eq(SET_ASIDE))
            .filter(job::Column::Subject.eq(SetAside::subject_of(account, subscription)))
            .one(self.database().write())
            .await?;
        row.as_ref().map(payload).transpose()
    }

    /// It is as it was, or the customer wants something else.
    pub(crate) async fn forget_set_aside(&self, account: &str, subscription: Uuid) -> Result<()> {
        let subject = SetAside::subject_of(account, subscription);
        forget(self.database().write(), &subject).await
    }

    /// The same if it was a change; the answer says whether it was.
    pub(crate) async fn forget_change_set_aside(&self, account: &str, subscription: Uuid) -> Result<bool> {
        let known = self.set_aside_of(account, subscription).await?;
        let is_change = known.is_some_and(|known| matches!(known.was, Was::Changing(_)));
        if is_change {
            self.forget_set_aside(account, subscription).await?;
        }
        Ok(is_change)
    }
}

async fn forget(db: &impl ConnectionTrait, subject: &str) -> Result<()> {
    job::Entity::delete_many()
        .filter(job::Column::Kind.eq(SET_ASIDE))
        .filter(job::Column::Subject.eq(subject))
        .exec(db)
        .await?;
    Ok(())
}
