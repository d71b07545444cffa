//! The merchant's list of what needs attention. Policy: a clerk looks and dismisses; ending a role needs a merchant,
//! because it takes from a customer what they paid for.

use std::collections::{HashMap, HashSet};

use model::{
    Problem, Timestamp,
    account::AccountStatus,
    attention::{AttentionKind, AttentionPage, AttentionView},
    id::{AttentionId, UserId},
    money::{Currency, Money},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder,
    Set,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Clerk, Merchant},
    connect::Connection,
    entity::{Scoped, attention, grant, subscription, tier, user},
    error::Result,
};

/// Something to look at, as it is noted.
pub(crate) struct Note<'a> {
    pub kind: AttentionKind,
    /// Stripe's id, or ours of a tier.
    pub subject: &'a str,
    pub subscription: Option<&'a subscription::Model>,
    pub user: Option<Uuid>,
    /// Minor units and the currency's code.
    pub amount: Option<(i64, String)>,
    pub standing: Option<String>,
    /// Now, if nothing is known of it.
    pub since: Option<Timestamp>,
}

impl<'a> Note<'a> {
    pub(crate) fn about(kind: AttentionKind, subject: &'a str, subscription: Option<&'a subscription::Model>) -> Self {
        Self {
            kind,
            subject,
            subscription,
            user: subscription.map(|row| row.user_id),
            amount: None,
            standing: None,
            since: None,
        }
    }
}

/// The service; made by [`Store::attention`].
pub struct Attention<'a>(pub(crate) &'a Store);

impl Attention<'_> {
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list(&self, clerk: &Clerk) -> Result<AttentionPage> {
        let owing = self.0.owing(clerk.community.id).await?;
        let in_grace = owing.iter().filter(|one| one.until.is_some());
        let members: HashSet<Uuid> = in_grace.map(|one| one.subscription.user_id).collect();
        let (account, stripe_asks) = self.account(clerk).await?;
        Ok(AttentionPage {
            notices: self.notices(clerk).await?,
            account,
            stripe_asks,
            in_grace: members.len(),
            may_view_members: clerk.also_viewer,
        })
    }

    /// How it stands when it stopped, and whether Stripe asks for something. A new store has no account either, and nothing
    /// that could have stopped.
    async fn account(&self, clerk: &Clerk) -> Result<(Option<AccountStatus>, bool)> {
        let connection = self.0.current_connection(clerk.community.id).await?;
        let status = connection
            .as_ref()
            .map_or(AccountStatus::Unlinked, |link| link.status(clerk.community.shop_paused));
        let asks = status.is_linked() && connection.is_some_and(|link| link.snapshot.asks_for_something());
        let stopped = match status {
            AccountStatus::Disconnected | AccountStatus::Rejected | AccountStatus::Restricted => true,
            AccountStatus::Unlinked | AccountStatus::Incomplete => self.0.has_subscribers(clerk.community.id).await?,
            AccountStatus::Paused | AccountStatus::Ready { .. } => false,
        };
        Ok((stopped.then_some(status), asks))
    }

    /// What has not been dismissed, newest first.
    async fn notices(&self, clerk: &Clerk) -> Result<Vec<AttentionView>> {
        let read = self.0.database().read();
        let rows = attention::Entity::within(clerk.community.id)
            .filter(attention::Column::DismissedAt.is_null())
            .order_by_desc(attention::Column::Since)
            .order_by_desc(attention::Column::Id)
            .all(read)
            .await?;
        let users = rows.iter().filter_map(|row| row.user_id);
        let emails: HashMap<Uuid, String> = user::Entity::find()
            .filter(user::Column::Id.is_in(users))
            .all(read)
            .await?
            .into_iter()
            .map(|user| (user.id, user.email))
            .collect();
        let subscriptions = rows.iter().filter_map(|row| row.subscription_id);
        let giving: Vec<Option<Uuid>> = grant::Entity::within(clerk.community.id)
            .filter(grant::Column::SubscriptionId.is_in(subscriptions))
            .filter(grant::Column::EndsAt.gt(self.0.now()))
            .all(read)
            .await?
            .into_iter()
            .map(|grant| grant.subscription_id)
            .collect();
        let mut views = Vec::new();
        for row in rows {
            let Some(kind) = AttentionKind::parse(&row.kind) else {
                continue;
            };
            let amount = match (row.amount, row.currency.as_deref().map(Currency::parse)) {
                (Some(minor), Some(Ok(currency))) => Some(Money::new(minor, currency)),
                _ => None,
            };
            let about = self.about(clerk.community.id, &row).await?;
            let connection = self
                .0
                .connection(clerk.community.id, model::id::ConnectionId(row.connection_id))
                .await?;
            views.push(AttentionView {
                id: AttentionId(row.id),
                kind,
                dashboard_url: dashboard_path(kind, &row.subject)
                    .map(|path| format!("{}/{path}", self.0.settings().dashboard_of(&connection.account))),
                user: row.user_id.filter(|_| clerk.also_viewer).map(UserId),
                email: row
                    .user_id
                    .filter(|_| clerk.also_viewer)
                    .and_then(|user| emails.get(&user).cloned()),
                about,
                amount,
                standing: row.standing,
                since: row.since,
                may_end_role: matches!(kind, AttentionKind::Refund | AttentionKind::Dispute)
                    && giving.contains(&row.subscription_id)
                    && clerk.also_merchant,
                subject: row.subject,
            });
        }
        Ok(views)
    }

    /// The merchant has dealt with it.
    ///
    /// # Errors
    /// `Problem::NotFound`
    pub async fn dismiss(&self, clerk: &Clerk, id: AttentionId) -> Result<()> {
        let db = self.0.database().write();
        let row = self.find(clerk.community.id, id).await?;
        let mut row = row.into_active_model();
        row.dismissed_at = Set(Some(self.0.now()));
        row.update(db).await?;
        Ok(())
    }

    /// After a refund or a dispute: the subscription is cancelled now, and its role ends with it.
    ///
    /// # Errors
    /// `Problem::NotFound`; what Stripe says.
    pub async fn end_role(&self, merchant: &Merchant, id: AttentionId) -> Result<()> {
        let row = self.find(merchant.community.id, id).await?;
        let kind = AttentionKind::parse(&row.kind);
        let chosen = matches!(kind, Some(AttentionKind::Refund | AttentionKind::Dispute));
        let subscription = row.subscription_id.filter(|_| chosen);
        let subscription = subscription.ok_or_else(|| Problem::not_found("subscription"))?;
        self.0.end_by_merchant(merchant, subscription).await?;
        let mut row = row.into_active_model();
        row.dismissed_at = Set(Some(self.0.now()));
        row.update(self.0.database().write()).await?;
        Ok(())
    }

    /// The tier's name: the subscription's as it is now, or its own.
    async fn about(&self, community: model::id::CommunityId, row: &attention::Model) -> Result<String> {
        let read = self.0.database().read();
        let id = match row.subscription_id {
            Some(id) => subscription::Entity::within(community)
                .filter(subscription::Column::Id.eq(id))
                .one(read)
                .await?
                .and_then(|row| row.tier_id),
            None => row.subject.parse::<Uuid>().ok(),
        };
        let Some(id) = id else { return Ok(String::new()) };
        let tier = tier::Entity::within(community)
            .filter(tier::Column::Id.eq(id))
            .one(read)
            .await?;
        Ok(tier.map(|tier| tier.label).unwrap_or_default())
    }

    async fn find(&self, community: model::id::CommunityId, id: AttentionId) -> Result<attention::Model> {
        attention::Entity::within(community)
            .filter(attention::Column::Id.eq(id.0))
            .one(self.0.database().read())
            .await?
            .ok_or_else(|| Problem::not_found("notice").into())
    }
}

impl Store {
    /// What was noted is not so any more. Its amount goes too, so that the same amount is news when it happens again.
    pub(crate) async fn dismiss_note(&self, connection: &Connection, kind: AttentionKind, subject: &str) -> Result<()> {
        attention::Entity::update_many()
            .col_expr(attention::Column::DismissedAt, Expr::value(self.now()))
            .col_expr(attention::Column::Amount, Expr::value(None::<i64>))
            .filter(attention::Column::CommunityId.eq(connection.community.0))
            .filter(attention::Column::ConnectionId.eq(connection.id.0))
            .filter(attention::Column::Kind.eq(kind.as_str()))
            .filter(attention::Column::Subject.eq(subject))
            .exec(self.database().write())
            .await?;
        Ok(())
    }

    /// Notes something once; what changes about it (amount, standing) is kept current, and brings it back when it was
    /// dismissed.
    pub(crate) async fn note(&self, db: &impl ConnectionTrait, connection: &Connection, note: Note<'_>) -> Result<()> {
        let (amount, currency) = note.amount.unzip();
        let now = self.now();
        let known = attention::Entity::within(connection.community)
            .filter(attention::Column::ConnectionId.eq(connection.id.0))
            .filter(attention::Column::Kind.eq(note.kind.as_str()))
            .filter(attention::Column::Subject.eq(note.subject))
            .one(db)
            .await?;
        if let Some(known) = known {
            let subscription = note.subscription.map(|row| row.id);
            let is_news = known.amount != amount || known.standing != note.standing;
            if is_news || (known.subscription_id.is_none() && subscription.is_some()) {
                let mut row = known.into_active_model();
                if subscription.is_some() {
                    row.subscription_id = Set(subscription);
                }
                row.amount = Set(amount);
                row.standing = Set(note.standing);
                if is_news {
                    row.dismissed_at = Set(None);
                }
                row.update(db).await?;
            }
            return Ok(());
        }
        let row = attention::Model {
            id: self.randomness().id(now),
            community_id: connection.community.0,
            connection_id: connection.id.0,
            kind: note.kind.as_str().to_owned(),
            subject: note.subject.to_owned(),
            user_id: note.user,
            subscription_id: note.subscription.map(|row| row.id),
            amount,
            currency,
            standing: note.standing,
            since: note.since.unwrap_or(now),
            dismissed_at: None,
        };
        attention::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([
                    attention::Column::ConnectionId,
                    attention::Column::Kind,
                    attention::Column::Subject,
                ])
                .do_nothing()
                .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        Ok(())
    }

    /// It is not so any more.
    pub(crate) async fn unnote(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
        kind: AttentionKind,
        subject: &str,
    ) -> Result<()> {
        let rows = attention::Entity::within(connection.community)
            .filter(attention::Column::ConnectionId.eq(connection.id.0))
            .filter(attention::Column::Kind.eq(kind.as_str()))
            .filter(attention::Column::Subject.eq(subject))
            .all(db)
            .await?;
        for row in rows {
            row.delete(db).await?;
        }
        Ok(())
    }
}

/// Where Stripe's dashboard shows it, under the account.
fn dashboard_path(kind: AttentionKind, subject: &str) -> Option<String> {
    match kind {
        AttentionKind::UnknownPrice
        | AttentionKind::ZeroItems
        | AttentionKind::PaidTwice
        | AttentionKind::ChargedElsewhere
        | AttentionKind::Missing => Some(format!("subscriptions/{subject}")),
        AttentionKind::PaidForNothing => Some(format!("invoices/{subject}")),
        AttentionKind::Refund => Some(format!("payments/{subject}")),
        AttentionKind::Dispute => Some(format!("disputes/{subject}")),
        AttentionKind::BrokenTier => None,
    }
}
