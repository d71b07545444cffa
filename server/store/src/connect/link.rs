//! A community's link to a Stripe account: finding it, making it, reading the account, noticing that access is lost.
//!
//! Called by every service that talks to Stripe for a community.

use model::{
    Refusal,
    account::{self, AccountSnapshot, AccountStatus, Link},
    id::{CommunityId, ConnectionId},
    merchant_letter::account_news,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
    SqlErr, sea_query::Expr,
};

use crate::{
    Store,
    actor::{Community, Merchant},
    entity::{Scoped, connection},
    error::{Error, Result},
    jobs::ReconcileJob,
    letters::MerchantLetter,
    stripe::{OnAccount, StripeError},
};

/// A connection as the services use it.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub id: ConnectionId,
    pub community: CommunityId,
    pub account: String,
    pub snapshot: AccountSnapshot,
    pub disconnected: bool,
    /// It was lost because the account was deleted at Stripe.
    pub deleted: bool,
    /// The community's link now; a former one is history.
    pub current: bool,
}

/// Why a link ended, as it is kept and shown.
const LOST: &str = "Stripe says that access was revoked or the account closed";
const DELETED: &str = "Stripe says that the account was deleted";

impl Connection {
    pub(crate) fn from_row(row: connection::Model) -> Result<Self> {
        let snapshot = serde_json::from_value(row.snapshot)
            .map_err(|error| Error::inconsistent(format!("connection {}: {error}", row.id)))?;
        Ok(Self {
            id: ConnectionId(row.id),
            community: CommunityId(row.community_id),
            account: row.account,
            snapshot,
            disconnected: row.disconnected,
            deleted: row.disconnected && row.ended_reason.as_deref() == Some(DELETED),
            current: row.current,
        })
    }

    pub(crate) fn status(&self, shop_paused: bool) -> AccountStatus {
        account::status(
            Some(Link {
                disconnected: self.disconnected,
                snapshot: &self.snapshot,
            }),
            shop_paused,
        )
    }
}

impl Store {
    /// The community's current link, if it has one.
    pub(crate) async fn current_connection(&self, community: CommunityId) -> Result<Option<Connection>> {
        connection::Entity::within(community)
            .filter(connection::Column::Current.eq(true))
            .one(self.database().read())
            .await?
            .map(Connection::from_row)
            .transpose()
    }

    /// Any link of the community, also a former one.
    pub(crate) async fn connection(&self, community: CommunityId, id: ConnectionId) -> Result<Connection> {
        let row = connection::Entity::within(community)
            .filter(connection::Column::Id.eq(id.0))
            .one(self.database().read())
            .await?
            .ok_or_else(|| Error::inconsistent(format!("connection {id} is gone")))?;
        Connection::from_row(row)
    }

    /// Every link to this account, current or not.
    pub(crate) async fn connections_to(&self, account: &str) -> Result<Vec<Connection>> {
        let rows = connection::Entity::find()
            .filter(connection::Column::Account.eq(account))
            .all(self.database().read())
            .await?;
        rows.into_iter().map(Connection::from_row).collect()
    }

    /// Calls in a connection's account.
    pub(crate) fn on(&self, connection: &Connection) -> OnAccount {
        self.stripe().on(&connection.account)
    }

    /// Passes Stripe's answer on, and notices when it says that the account is out of reach.
    pub(crate) async fn noticing<T>(&self, connection: &Connection, answer: Result<T, StripeError>) -> Result<T> {
        if let Err(error) = &answer
            && error.is_account_gone()
        {
            // A key of another platform is told the same of every account.
            self.check_platform().await?;
            self.mark_disconnected(connection, error.is_account_deleted()).await?;
        }
        Ok(answer?)
    }

    /// Makes `snapshot`'s account the community's current one. Linking the same account again takes its row up again.
    pub(crate) async fn link(&self, merchant: &Merchant, snapshot: &AccountSnapshot) -> Result<Connection> {
        let row = match self.keep_link(merchant, snapshot).await {
            // Another manager linked it meanwhile: its row is there to be taken up.
            Err(Error::Database(error)) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                self.keep_link(merchant, snapshot).await?
            }
            other => other?,
        };
        self.jobs_arrived();
        let connection = Connection::from_row(row)?;
        self.make_portal_config(&connection).await?;
        self.live().tell(merchant.community.id, None);
        Ok(connection)
    }

    async fn keep_link(&self, merchant: &Merchant, snapshot: &AccountSnapshot) -> Result<connection::Model> {
        let (community, now) = (merchant.community.id, self.now());
        let json = serde_json::to_value(snapshot).map_err(|error| Error::inconsistent(error.to_string()))?;
        let transaction = self.database().begin().await?;
        self.database().serialise(&transaction, &community.to_string()).await?;
        // A store that works keeps its account: it is disconnected first.
        let others = connection::Entity::within(community)
            .filter(connection::Column::Current.eq(true))
            .filter(connection::Column::Disconnected.eq(false))
            .filter(connection::Column::Account.ne(&snapshot.account))
            .count(&transaction)
            .await?;
        if others > 0 {
            return Err(Refusal::AlreadyConnected.into());
        }
        let known = connection::Entity::within(community)
            .filter(connection::Column::Account.eq(&snapshot.account))
            .one(&transaction)
            .await?;
        connection::Entity::update_many()
            .col_expr(connection::Column::Current, Expr::value(false))
            .col_expr(connection::Column::EndedAt, Expr::value(now))
            .col_expr(
                connection::Column::EndedReason,
                Expr::value("replaced by another account"),
            )
            .filter(connection::Column::CommunityId.eq(community.0))
            .filter(connection::Column::Current.eq(true))
            .filter(connection::Column::Account.ne(&snapshot.account))
            .exec(&transaction)
            .await?;
        // Two managers may press at once: it is connected once.
        let is_new = known.as_ref().is_none_or(|known| !known.current || known.disconnected);
        let row = if let Some(known) = known {
            let known_id = known.id;
            let mut row = known.into_active_model();
            row.current = Set(true);
            row.disconnected = Set(false);
            row.ended_at = Set(None);
            row.ended_reason = Set(None);
            row.snapshot = Set(json);
            row.read_at = Set(now);
            // Events may have been missed while it was away.
            let job = ReconcileJob {
                community: community.0,
                connection: known_id,
            };
            self.enqueue_reconciliation(&transaction, &job).await?;
            row.update(&transaction).await?
        } else {
            let row = connection::Model {
                id: self.randomness().id(now),
                community_id: community.0,
                account: snapshot.account.clone(),
                current: true,
                snapshot: json,
                linked_at: now,
                read_at: now,
                ended_at: None,
                ended_reason: None,
                disconnected: false,
            };
            row.into_active_model().insert(&transaction).await?
        };
        if is_new {
            let by = Some(merchant.user.user);
            self.audit(&transaction, community, by, "connected", &snapshot.account)
                .await?;
        }
        transaction.commit().await?;
        Ok(row)
    }

    /// Reads the account and keeps what it is now. One reading at a time: an older answer must not replace a newer one.
    ///
    /// # Errors
    /// What Stripe says; `Problem::ChangedMeanwhile` when another reading takes too long.
    pub(crate) async fn read_account(&self, connection: &Connection) -> Result<()> {
        let name = format!("account:{}", connection.id);
        self.alone(name, Box::pin(self.read_account_alone(connection))).await
    }

    async fn read_account_alone(&self, connection: &Connection) -> Result<()> {
        // As it is now, after whoever read it before.
        let connection = &self.connection(connection.community, connection.id).await?;
        let snapshot = match self
            .noticing(connection, self.stripe().account(&connection.account).await)
            .await
        {
            Err(Error::Stripe(error)) if error.is_account_gone() => return Ok(()),
            other => other?,
        };
        let json = serde_json::to_value(&snapshot).map_err(|error| Error::inconsistent(error.to_string()))?;
        let transaction = self.database().begin().await?;
        if connection.current {
            self.write_about_account(&transaction, connection, &snapshot).await?;
        }
        let mut row = connection::ActiveModel {
            id: Set(connection.id.0),
            snapshot: Set(json),
            read_at: Set(self.now()),
            ..Default::default()
        };
        let is_back = connection.current && connection.disconnected;
        if is_back {
            row.disconnected = Set(false);
            row.ended_reason = Set(None);
            // Events may have been missed while it was away.
            let job = ReconcileJob {
                community: connection.community.0,
                connection: connection.id.0,
            };
            self.enqueue_reconciliation(&transaction, &job).await?;
        }
        row.update(&transaction).await?;
        transaction.commit().await?;
        self.jobs_arrived();
        let connection = Connection {
            snapshot,
            disconnected: connection.disconnected && !is_back,
            deleted: connection.deleted && !is_back,
            ..connection.clone()
        };
        self.make_portal_config(&connection).await?;
        self.live().tell(connection.community, None);
        Ok(())
    }

    /// The merchants are written to when `snapshot` is news: once, because what is stored is compared in the transaction that
    /// replaces it.
    async fn write_about_account(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        snapshot: &AccountSnapshot,
    ) -> Result<()> {
        let Some(row) = connection_row(transaction, connection).await? else {
            return Ok(());
        };
        let (read_at, before) = (row.read_at, Connection::from_row(row)?.status(false));
        let link = Link {
            disconnected: false,
            snapshot,
        };
        let asks = snapshot.wanted().next().is_some();
        let Some(news) = account_news(&before, &account::status(Some(link), false), asks) else {
            return Ok(());
        };
        // Who reads the same at the same moment has the same key.
        let key = format!(
            "account_{}:{}:{}",
            news.as_str(),
            connection.id,
            read_at.timestamp_millis()
        );
        let letter = MerchantLetter::Account(news, snapshot);
        self.write_to_merchants(transaction, connection.community, &key, &letter)
            .await
    }

    /// Access was taken away. Nothing of ours is deleted; the shop is closed, members keep their window.
    async fn mark_disconnected(&self, connection: &Connection, deleted: bool) -> Result<()> {
        let why = if deleted { DELETED } else { LOST };
        let transaction = self.database().begin().await?;
        let changed = connection::Entity::update_many()
            .col_expr(connection::Column::Disconnected, Expr::value(true))
            .col_expr(connection::Column::EndedReason, Expr::value(why))
            .filter(connection::Column::Id.eq(connection.id.0))
            .filter(connection::Column::Disconnected.eq(false))
            .exec(&transaction)
            .await?;
        if changed.rows_affected > 0 {
            let detail = format!("{}: {why}", connection.account);
            self.audit(&transaction, connection.community, None, "access lost", &detail)
                .await?;
            let row = connection_row(&transaction, connection).await?;
            if let Some(row) = row.filter(|row| row.current) {
                let key = format!("account_lost:{}:{}", row.id, row.read_at.timestamp_millis());
                let letter = MerchantLetter::AccountLost {
                    account: &connection.account,
                    deleted,
                    can_reconnect: self.settings().client_id.is_some(),
                };
                self.write_to_merchants(&transaction, connection.community, &key, &letter)
                    .await?;
            }
            transaction.commit().await?;
            self.jobs_arrived();
            self.live().tell(connection.community, None);
        }
        Ok(())
    }

    /// Where Stripe's page leads back to: through the return page, which tells the window that opened it, or goes on to
    /// `next` in the same tab.
    pub(crate) fn return_url(&self, popup: &str, outcome: &str, next: &str) -> String {
        format!(
            "{}/popups/return?popup={}&outcome={outcome}&next={}",
            self.public_url(),
            crate::popup_name(popup),
            crate::url_encode(next)
        )
    }

    /// Whether calls for this account are not even tried, because the last ones got no answer.
    pub(crate) fn stripe_is_silent(&self, connection: Option<&Connection>) -> bool {
        connection.is_some_and(|link| !self.stripe().seems_well(&link.account))
    }

    /// Guards what makes nothing new and charges nothing (cancelling, disconnecting a card): Stripe takes calls for the account,
    /// though it may not take payments.
    pub(crate) async fn reachable_connection(&self, community: &Community) -> Result<Connection> {
        self.current_connection(community.id)
            .await?
            .filter(|link| link.status(community.shop_paused).is_linked())
            .ok_or_else(|| Refusal::AccountGone.into())
    }

    /// Guards what needs an account that serves customers.
    pub(crate) async fn serving_connection(&self, community: &Community) -> Result<Connection> {
        let connection = self
            .current_connection(community.id)
            .await?
            .ok_or(Refusal::StoreNotOpen)?;
        if connection.status(community.shop_paused).serves_customers() {
            Ok(connection)
        } else {
            Err(Refusal::StoreNotOpen.into())
        }
    }
}

/// As it is now.
async fn connection_row(
    transaction: &DatabaseTransaction,
    connection: &Connection,
) -> Result<Option<connection::Model>> {
    Ok(connection::Entity::within(connection.community)
        .filter(connection::Column::Id.eq(connection.id.0))
        .one(transaction)
        .await?)
}
