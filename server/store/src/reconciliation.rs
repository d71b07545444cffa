//! Reconciliation: what Stripe has and what our tables say, compared; differences are explained, and repaired when asked.
//! It finds what no event told us.
//!
//! Called by `server reconcile [--apply]`, and by a job after an account came back ([`crate::connect`]).

use std::{collections::HashMap, fmt};

use model::{
    attention::AttentionKind,
    id::{CommunityId, ConnectionId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, attention, card_setup, checkout, community, connection, customer, product, subscription},
    error::{Error, Result},
    fulfillment::Done,
    jobs::ReconcileJob,
    stripe::{CheckoutStatus, RefundedCharge},
};

mod difference;

use difference::difference;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The community's slug.
    pub community: String,
    /// `acct_…`
    pub account: String,
    /// Stripe's id.
    pub subject: String,
    /// What differs, for a person.
    pub explanation: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({}) {}: {}",
            self.community, self.account, self.subject, self.explanation
        )
    }
}

impl Store {
    /// Compares every connected account with our tables; with `apply`, what differs is read again and written, so that a
    /// second run finds nothing.
    ///
    /// # Errors
    /// When the database cannot be asked. An account that Stripe does not answer for is a finding.
    pub async fn reconcile(&self, apply: bool) -> Result<Vec<Finding>> {
        let rows = connection::Entity::find()
            .filter(connection::Column::Current.eq(true))
            .all(self.database().read())
            .await?;
        let mut findings = Vec::new();
        for row in rows {
            let connection = Connection::from_row(row)?;
            let community = community::Entity::find_by_id(connection.community.0)
                .one(self.database().read())
                .await?;
            let mut report = Report {
                community: community.map(|row| row.slug).unwrap_or_default(),
                account: connection.account.clone(),
                findings: Vec::new(),
            };
            if let Err(error) = self.reconcile_connection(&connection, apply, &mut report).await {
                if error.problem().is_none() && !matches!(error, Error::Stripe(_)) {
                    return Err(error);
                }
                report.found(&connection.account, format!("it could not be compared: {error}"));
            }
            findings.append(&mut report.findings);
        }
        Ok(findings)
    }

    /// The same for one connection, as a job.
    pub(crate) async fn reconcile_again(&self, job: &ReconcileJob, done: &Done) -> Result<()> {
        let connection = self
            .connection(CommunityId(job.community), ConnectionId(job.connection))
            .await?;
        let mut report = Report {
            community: String::new(),
            account: connection.account.clone(),
            findings: Vec::new(),
        };
        self.reconcile_connection(&connection, true, &mut report).await?;
        for finding in &report.findings {
            tracing::info!(%finding, "reconciled");
        }
        self.finish(done).await
    }

    async fn reconcile_connection(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<()> {
        if !self.is_in_reach(connection, apply, report).await? {
            // Nothing of it can be compared; a reconnection brings a reconciliation.
            return Ok(());
        }
        self.reconcile_checkouts(connection, apply, report).await?;
        self.reconcile_customers(connection, apply, report).await?;
        self.reconcile_subscriptions(connection, apply, report).await?;
        self.reconcile_payments(connection, apply, report).await?;
        self.reconcile_products(connection, apply, report).await
    }

    /// Compares the account itself; the answer is whether it can be read at all.
    async fn is_in_reach(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<bool> {
        let snapshot = match self.stripe().account(&connection.account).await {
            Ok(snapshot) => Some(snapshot),
            Err(error) if error.is_account_gone() => None,
            Err(error) => return Err(error.into()),
        };
        let differs = match &snapshot {
            None => (!connection.disconnected).then_some("access to the account is lost"),
            Some(_) if connection.disconnected => Some("access to the account is back"),
            Some(snapshot) => (*snapshot != connection.snapshot).then_some("the account has changed"),
        };
        if let Some(differs) = differs {
            report.found(&connection.account, differs.to_owned());
            if apply {
                self.read_account(connection).await?;
            }
        }
        Ok(snapshot.is_some())
    }

    async fn reconcile_checkouts(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<()> {
        let open = checkout::Entity::within(connection.community)
            .filter(checkout::Column::ConnectionId.eq(connection.id.0))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            .filter(checkout::Column::StripeId.is_not_null())
            .all(self.database().read())
            .await?;
        for row in open {
            let Some(id) = &row.stripe_id else { continue };
            let now = match self.on(connection).checkout(id).await {
                Err(error) if error.is_missing() => "not found at Stripe",
                other => other?.status.as_str(),
            };
            if now != CheckoutStatus::Open.as_str() {
                report.found(id, format!("the checkout is {now}"));
                if apply {
                    self.work_checkout(connection, id).await?;
                }
            }
        }
        let setups = card_setup::Entity::within(connection.community)
            .filter(card_setup::Column::ConnectionId.eq(connection.id.0))
            .filter(card_setup::Column::Status.is_in(["open", "complete"]))
            .filter(card_setup::Column::StripeId.is_not_null())
            .all(self.database().read())
            .await?;
        for row in setups {
            let Some(id) = &row.stripe_id else { continue };
            let now = match self.on(connection).checkout(id).await {
                Err(error) if error.is_missing() => None,
                other => Some(other?.status.as_str()),
            };
            if now != Some(row.status.as_str()) || row.status == "complete" {
                report.found(
                    id,
                    "a card was saved (or not), and it was not put to use yet".to_owned(),
                );
                if apply {
                    self.work_checkout(connection, id).await?;
                }
            }
        }
        Ok(())
    }

    async fn reconcile_customers(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<()> {
        let rows = customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::StripeId.is_not_null())
            .all(self.database().read())
            .await?;
        for row in rows {
            let Some(id) = row.stripe_id.clone() else { continue };
            let now = match self.on(connection).customer(&id).await {
                Err(error) if error.is_missing() => None,
                other => match other? {
                    crate::stripe::StripeCustomer::Deleted => None,
                    crate::stripe::StripeCustomer::There { cards } => Some(cards),
                },
            };
            let differs = match &now {
                None => Some("the customer was deleted"),
                Some(cards) => (*cards != crate::cards::saved(&row)?).then_some("the saved cards are others"),
            };
            if let Some(differs) = differs {
                report.found(&id, differs.to_owned());
                if apply {
                    self.read_customer(connection, row).await?;
                }
            }
        }
        Ok(())
    }

    async fn reconcile_subscriptions(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<()> {
        let rows = subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .all(self.database().read())
            .await?;
        let mut known: HashMap<String, subscription::Model> =
            rows.into_iter().map(|row| (row.stripe_id.clone(), row)).collect();
        for read in self.on(connection).subscriptions().await? {
            let row = known.remove(&read.id);
            if row.is_none() && !self.is_ours(connection, &read).await? {
                let is_marked = read.metadata.get("community") == Some(&connection.community.to_string());
                if is_marked && read.status.is_live() {
                    // After a backup was put back, who bought since may be unknown; they pay all the same.
                    let why = "it is this community's by its metadata, but its plan or its customer is not known here: end it at Stripe, or make it good";
                    report.found(&read.id, why.to_owned());
                }
                continue;
            }
            let id = read.id.clone();
            let differs = match &row {
                None => Some("the subscription is not known here".to_owned()),
                Some(row) => match self.expected_row(connection, row, read).await {
                    // What belongs to it is gone: one object keeps nothing else from being compared.
                    Err(Error::Stripe(error)) if error.is_missing() => {
                        Some(format!("it could not be compared: {error}"))
                    }
                    expected => difference(row, &expected?)?,
                },
            };
            if let Some(differs) = differs {
                report.found(&id, differs);
            }
            // What time has done is not in the row: each is read again.
            if apply {
                match self.sync(connection, &id, &Done::nothing()).await {
                    Err(Error::Stripe(error)) if error.is_missing() => tracing::warn!(%error, id, "not repaired"),
                    other => other?,
                }
            }
        }
        for id in known.into_keys() {
            report.found(&id, "Stripe does not find the subscription".to_owned());
            if apply {
                self.sync(connection, &id, &Done::nothing()).await?;
            }
        }
        Ok(())
    }

    /// Refunds and disputes, of our customers' payments.
    async fn reconcile_payments(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<()> {
        let stripe = self.on(connection);
        for id in stripe.refunded_charges().await? {
            let charge = stripe.charge(&id).await?;
            let known = self.noted(connection, AttentionKind::Refund, &id).await?;
            // A refund that failed is listed as well, and gave nothing back.
            let given_back = (charge.refunded > 0).then_some(charge.refunded);
            let differs = known.and_then(|known| known.amount) != given_back;
            if differs && self.is_for_ours(connection, &charge).await? {
                report.found(&id, "the payment was given back, or more of it".to_owned());
                if apply {
                    self.work_charge(connection, &id).await?;
                }
            }
        }
        for id in stripe.disputes().await? {
            let dispute = stripe.dispute(&id).await?;
            let charge = stripe.charge(&dispute.charge).await?;
            let known = self.noted(connection, AttentionKind::Dispute, &id).await?;
            let differs = known.is_none_or(|known| known.standing.as_ref() != Some(&dispute.status));
            if differs && self.is_for_ours(connection, &charge).await? {
                report.found(&id, format!("the dispute is {}", dispute.status));
                if apply {
                    self.work_dispute(connection, &id).await?;
                }
            }
        }
        Ok(())
    }

    /// Whether it was paid for a subscription of ours, known here or not yet.
    async fn is_for_ours(&self, connection: &Connection, charge: &RefundedCharge) -> Result<bool> {
        let Some(id) = self.paid_subscription(connection, charge).await? else {
            return Ok(false);
        };
        match self.on(connection).subscription(&id).await {
            Err(error) if error.is_missing() => Ok(false),
            read => self.is_ours(connection, &read?).await,
        }
    }

    async fn noted(
        &self,
        connection: &Connection,
        kind: AttentionKind,
        subject: &str,
    ) -> Result<Option<attention::Model>> {
        Ok(attention::Entity::within(connection.community)
            .filter(attention::Column::ConnectionId.eq(connection.id.0))
            .filter(attention::Column::Kind.eq(kind.as_str()))
            .filter(attention::Column::Subject.eq(subject))
            .one(self.database().read())
            .await?)
    }

    async fn reconcile_products(&self, connection: &Connection, apply: bool, report: &mut Report) -> Result<()> {
        let rows = product::Entity::within(connection.community)
            .filter(product::Column::ConnectionId.eq(connection.id.0))
            .filter(product::Column::StripeId.is_not_null())
            .all(self.database().read())
            .await?;
        for row in rows {
            let Some(id) = &row.stripe_id else { continue };
            let broken = !self.on(connection).has_product(id).await?;
            if broken != row.broken {
                report.found(id, "the tier's product was deleted".to_owned());
                if apply {
                    self.read_product(connection, id).await?;
                }
            }
        }
        if apply {
            self.catalog_cache().forget(connection.id);
        }
        Ok(())
    }
}

struct Report {
    community: String,
    account: String,
    findings: Vec<Finding>,
}

impl Report {
    fn found(&mut self, subject: &str, explanation: String) {
        self.findings.push(Finding {
            community: self.community.clone(),
            account: self.account.clone(),
            subject: subject.to_owned(),
            explanation,
        });
    }
}
