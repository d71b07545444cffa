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
    letters::open_invoice,
    stripe::{CheckoutStatus, RefundedCharge},
};

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
            let differs = known.is_none_or(|known| known.amount != Some(charge.refunded));
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

/// What of a known subscription is another at Stripe; `expected` is the row as it would be written now. Each column is named
/// here, so that none can be forgotten.
fn difference(row: &subscription::Model, expected: &subscription::Model) -> Result<Option<String>> {
    let subscription::Model {
        status,
        tier_id,
        price_id,
        item_id,
        item_count,
        stripe_created,
        period_start,
        period_end,
        trial_end,
        cancel_at_period_end,
        cancel_at,
        first_failed_at,
        schedule_id,
        pending_price_id,
        pending_at,
        unpaid_price_id,
        unpaid_until,
        latest_invoice,
        open_invoice: _,
        replaced_by,
        card_id,
        // Whose it is never changes; the page to pay on has an address that may; the rest is about the row itself.
        id: _,
        community_id: _,
        connection_id: _,
        user_id: _,
        plan_id: _,
        stripe_id: _,
        pay_url: _,
        revision: _,
        updated_at: _,
    } = expected;
    let mut differs = Vec::new();
    let mut compare = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            differs.push(format!("{what} is {theirs}, not {ours}"));
        }
    };
    let moment = |at: Option<model::Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let ours = |id: Option<uuid::Uuid>| id.map_or_else(|| "none of ours".to_owned(), |id| id.to_string());
    compare("the status", row.status.clone(), status.clone());
    compare("the tier", ours(row.tier_id), ours(*tier_id));
    compare("the price", ours(row.price_id), ours(*price_id));
    compare("the item", row.item_id.clone(), item_id.clone());
    compare(
        "the number of items",
        row.item_count.to_string(),
        item_count.to_string(),
    );
    compare(
        "its beginning",
        row.stripe_created.to_rfc3339(),
        stripe_created.to_rfc3339(),
    );
    compare(
        "the period's start",
        row.period_start.to_rfc3339(),
        period_start.to_rfc3339(),
    );
    compare("the period's end", row.period_end.to_rfc3339(), period_end.to_rfc3339());
    compare("the trial's end", moment(row.trial_end), moment(*trial_end));
    compare(
        "ending with its period",
        row.cancel_at_period_end.to_string(),
        cancel_at_period_end.to_string(),
    );
    compare("the end", moment(row.cancel_at), moment(*cancel_at));
    compare(
        "the first failure",
        moment(row.first_failed_at),
        moment(*first_failed_at),
    );
    compare("the schedule", or_none(&row.schedule_id), or_none(schedule_id));
    compare("the price to come", ours(row.pending_price_id), ours(*pending_price_id));
    compare("when it comes", moment(row.pending_at), moment(*pending_at));
    compare(
        "the price not paid yet",
        ours(row.unpaid_price_id),
        ours(*unpaid_price_id),
    );
    compare("until when it waits", moment(row.unpaid_until), moment(*unpaid_until));
    compare(
        "the latest invoice",
        or_none(&row.latest_invoice),
        or_none(latest_invoice),
    );
    compare("what replaced it", or_none(&row.replaced_by), or_none(replaced_by));
    compare("the card", or_none(&row.card_id), or_none(card_id));
    if open_invoice(row)? != open_invoice(expected)? {
        differs.push("what is to be paid is something else".to_owned());
    }
    Ok((!differs.is_empty()).then(|| differs.join("; ")))
}
