//! Planning: plans, their tiers, and what those cost. Policy: a clerk.
//!
//! Our rows come first, then Stripe's objects, whose ids are kept when they are there. A crash in between leaves a row
//! without its Stripe id; the next change of that tier, or [`Store::complete_tier`], repeats the same call.

use std::collections::HashSet;

use model::{
    Problem, Refusal,
    fingerprint::Fingerprint,
    id::{PlanId, PrivilegeId, RoleId, TierId},
    interval::Interval,
    label,
    money::{Currency, Money},
    permissions::RoleKind,
    planning::{LONGEST_DESCRIPTION, MOST_PLANS, MOST_TIERS, TierDraft},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, Set,
};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Clerk, Community},
    entity::{Scoped, community, plan, price, role, tier},
    error::Result,
    fingerprint,
};

mod at_stripe;
mod for_sale;
mod names;
mod open_checkouts;
mod shown;
mod view;

pub(crate) use for_sale::tiers_for_sale;

use names::{free_plan_label, free_tier_label};

/// A tier as it was typed, checked.
struct CheckedTier {
    label: String,
    description: String,
    prices: Vec<(Interval, Money)>,
}

/// The service; made by [`Store::planning`].
pub struct Planning<'a>(pub(crate) &'a Store);

impl Planning<'_> {
    /// Makes a plan with its first tier, the tier's role, its Product and its Prices.
    ///
    /// # Errors
    /// `Problem::Invalid` on `plan_label` (also when a plan for sale has that name) or the tier's field; `Refusal::TooManyPlans`, `Refusal::NeverConnected`; what
    /// Stripe says.
    pub async fn create_plan(&self, clerk: &Clerk, plan_label: &str, draft: &TierDraft) -> Result<()> {
        let community = &clerk.community;
        let plan_label = label::parse("plan_label", plan_label);
        let checked = check(draft, community.currency);
        let wrong = [plan_label.as_ref().err(), checked.as_ref().err()]
            .into_iter()
            .flatten();
        if let Some(problem) = Problem::together(wrong.cloned()) {
            return Err(problem.into());
        }
        let (plan_label, checked) = (plan_label?, checked?);
        let connection = self
            .0
            .current_connection(community.id)
            .await?
            .ok_or(Refusal::NeverConnected)?;
        let now = self.0.now();
        let transaction = self.begin_alone(community).await?;
        let plans = plan::Entity::within(community.id).count(&transaction).await?;
        if plans >= MOST_PLANS as u64 {
            return Err(Refusal::TooManyPlans.into());
        }
        free_plan_label(&transaction, community, None, &plan_label).await?;
        let plan = plan::Model {
            id: self.0.randomness().id(now),
            community_id: community.id.0,
            label: plan_label,
            archived: false,
            created_at: now,
        };
        let plan = plan.into_active_model().insert(&transaction).await?;
        let tier = self.insert_tier(&transaction, community, plan.id, &checked).await?;
        self.0
            .set_prices(&transaction, &connection, tier, &checked.prices)
            .await?;
        transaction.commit().await?;
        self.0.complete_tier_now_or_later(&connection, TierId(tier)).await?;
        self.0.live().tell(community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Problem::Invalid` on the tier's field; `Refusal::TooManyTiers`; what Stripe says.
    pub async fn add_tier(&self, clerk: &Clerk, plan: PlanId, draft: &TierDraft) -> Result<()> {
        let community = &clerk.community;
        let checked = check(draft, community.currency)?;
        let connection = self
            .0
            .current_connection(community.id)
            .await?
            .ok_or(Refusal::NeverConnected)?;
        let transaction = self.begin_alone(community).await?;
        let plan = find_plan(&transaction, community, plan).await?;
        if plan.archived {
            return Err(Refusal::PlanArchived.into());
        }
        let tiers = tier::Entity::within(community.id)
            .filter(tier::Column::PlanId.eq(plan.id))
            .count(&transaction)
            .await?;
        if tiers >= MOST_TIERS as u64 {
            return Err(Refusal::TooManyTiers.into());
        }
        free_tier_label(&transaction, community, plan.id, &checked.label).await?;
        let tier = self.insert_tier(&transaction, community, plan.id, &checked).await?;
        self.0
            .set_prices(&transaction, &connection, tier, &checked.prices)
            .await?;
        transaction.commit().await?;
        self.0.complete_tier_now_or_later(&connection, TierId(tier)).await?;
        self.0.live().tell(community.id, None);
        Ok(())
    }

    /// Changes label, description and prices; an empty price stops selling by that interval. Existing subscribers keep
    /// the price they have. Answers whether a price changed.
    ///
    /// # Errors
    /// `Problem::NotFound`; `Problem::Invalid` on the tier's field; `Problem::EditedMeanwhile`; what Stripe says.
    pub async fn edit_tier(&self, clerk: &Clerk, id: TierId, shown: &Fingerprint, draft: &TierDraft) -> Result<bool> {
        let community = &clerk.community;
        let checked = check(draft, community.currency)?;
        let connection = self
            .0
            .current_connection(community.id)
            .await?
            .ok_or(Refusal::NeverConnected)?;
        let transaction = self.begin_alone(community).await?;
        let row = find_tier(&transaction, community, id).await?;
        let now = shown::of_row(&transaction, &connection, &row).await?;
        let wanted = shown::of_tier(&checked.label, &checked.description, checked.prices.iter().copied());
        fingerprint::check(shown, now, &wanted)?;
        // Two that are called the same from of old can still be edited.
        if !label::is_same(&row.label, &checked.label) {
            free_tier_label(&transaction, community, row.plan_id, &checked.label).await?;
        }
        role_rename(&transaction, community, row.role_id, &checked.label).await?;
        let mut changed = row.into_active_model();
        changed.label = Set(checked.label);
        changed.description = Set(checked.description);
        changed.update(&transaction).await?;
        let new_price = self
            .0
            .set_prices(&transaction, &connection, id.0, &checked.prices)
            .await?;
        transaction.commit().await?;
        self.0.complete_tier_now_or_later(&connection, id).await?;
        self.0.live().tell(community.id, None);
        Ok(new_price)
    }

    /// # Errors
    /// `Problem::NotFound`; `Problem::Invalid` on `plan_label`; `Problem::EditedMeanwhile`.
    pub async fn rename_plan(&self, clerk: &Clerk, id: PlanId, shown: &Fingerprint, plan_label: &str) -> Result<()> {
        let plan_label = label::parse("plan_label", plan_label)?;
        let transaction = self.begin_alone(&clerk.community).await?;
        let row = find_plan(&transaction, &clerk.community, id).await?;
        fingerprint::check(shown, fingerprint::of([&*row.label]), &fingerprint::of([&*plan_label]))?;
        if !row.archived && !label::is_same(&row.label, &plan_label) {
            free_plan_label(&transaction, &clerk.community, Some(id), &plan_label).await?;
        }
        let mut row = row.into_active_model();
        row.label = Set(plan_label);
        row.update(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    /// Takes the plan out of the shop window, or puts it back; subscribers keep what they have.
    ///
    /// # Errors
    /// `Problem::NotFound`; `Problem::Invalid` on `plan_label` when a plan of that name is for sale meanwhile.
    pub async fn archive_plan(&self, clerk: &Clerk, id: PlanId, archived: bool) -> Result<()> {
        let transaction = self.begin_alone(&clerk.community).await?;
        let row = find_plan(&transaction, &clerk.community, id).await?;
        if row.archived && !archived {
            free_plan_label(&transaction, &clerk.community, Some(id), &row.label).await?;
        }
        let mut row = row.into_active_model();
        row.archived = Set(archived);
        row.update(&transaction).await?;
        transaction.commit().await?;
        if let Some(connection) = self.0.current_connection(clerk.community.id).await? {
            self.0.notice_stale_checkouts(&connection).await?;
        }
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    /// Stops or resumes selling a tier; its Product is archived at Stripe or put back.
    ///
    /// # Errors
    /// `Problem::NotFound`; what Stripe says.
    pub async fn activate_tier(&self, clerk: &Clerk, id: TierId, active: bool) -> Result<()> {
        let db = self.0.database().write();
        let mut row = find_tier(db, &clerk.community, id).await?.into_active_model();
        row.active = Set(active);
        row.update(db).await?;
        if let Some(connection) = self.0.current_connection(clerk.community.id).await? {
            self.0.complete_tier_now_or_later(&connection, id).await?;
        }
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    /// Offers a tier on the account that is connected now, at the prices it had on the one before. A tier that is there
    /// already stays as it is; repeating it changes nothing.
    ///
    /// # Errors
    /// `Problem::NotFound`; `Refusal::NeverConnected`; what Stripe says.
    pub async fn offer_on_current_account(&self, clerk: &Clerk, id: TierId) -> Result<()> {
        let community = &clerk.community;
        let connection = self
            .0
            .current_connection(community.id)
            .await?
            .ok_or(Refusal::NeverConnected)?;
        let transaction = self.begin_alone(community).await?;
        let row = find_tier(&transaction, community, id).await?;
        let before = price::Entity::within(community.id)
            .filter(price::Column::TierId.eq(row.id))
            .filter(price::Column::Active.eq(true))
            .order_by_desc(price::Column::CreatedAt)
            .all(&transaction)
            .await?;
        let is_here = before.iter().any(|price| price.connection_id == connection.id.0);
        if !is_here {
            let mut wanted: Vec<(Interval, Money)> = Vec::new();
            for row in &before {
                let (interval, amount) = price_of(row)?;
                // The newest of each interval, in the community's currency of today.
                if amount.currency == community.currency && wanted.iter().all(|(known, _)| *known != interval) {
                    wanted.push((interval, amount));
                }
            }
            self.0.set_prices(&transaction, &connection, row.id, &wanted).await?;
        }
        transaction.commit().await?;
        self.0.complete_tier_now_or_later(&connection, id).await?;
        self.0.live().tell(community.id, None);
        Ok(())
    }

    /// What the tier's role carries.
    ///
    /// # Errors
    /// `Problem::NotFound` for the tier, or a privilege that is not this community's; `Problem::Invalid` for a built-in one:
    /// those are not for sale; `Problem::EditedMeanwhile`.
    pub async fn set_tier_privileges(
        &self,
        clerk: &Clerk,
        id: TierId,
        shown: &Fingerprint,
        privileges: &[PrivilegeId],
    ) -> Result<()> {
        let transaction = self.0.database().begin().await?;
        let row = find_tier(&transaction, &clerk.community, id).await?;
        self.0
            .set_role_privileges(
                &transaction,
                &clerk.community,
                RoleId(row.role_id),
                shown,
                privileges,
                &HashSet::new(),
            )
            .await?;
        transaction.commit().await?;
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    /// A transaction beside which nobody else changes what this community sells: names and numbers are counted in it.
    ///
    /// # Errors
    /// `Problem::ChangedMeanwhile` when the community has another currency by now.
    async fn begin_alone(&self, community: &Community) -> Result<DatabaseTransaction> {
        let transaction = self.0.database().begin().await?;
        self.0
            .database()
            .serialise(&transaction, &community.id.to_string())
            .await?;
        let row = community::Entity::find_by_id(community.id.0).one(&transaction).await?;
        match row {
            Some(row) if row.currency == community.currency.code() => Ok(transaction),
            Some(_) => Err(Problem::ChangedMeanwhile.into()),
            None => Err(Problem::not_found("community").into()),
        }
    }

    async fn insert_tier(
        &self,
        db: &impl ConnectionTrait,
        community: &Community,
        plan: Uuid,
        checked: &CheckedTier,
    ) -> Result<Uuid> {
        let now = self.0.now();
        let role = role::Model {
            id: self.0.randomness().id(now),
            community_id: community.id.0,
            label: checked.label.clone(),
            kind: RoleKind::Tier.as_str().to_owned(),
            created_at: now,
        };
        let role = role.into_active_model().insert(db).await?;
        let tier = tier::Model {
            id: self.0.randomness().id(now),
            community_id: community.id.0,
            plan_id: plan,
            role_id: role.id,
            label: checked.label.clone(),
            description: checked.description.clone(),
            active: true,
            created_at: now,
        };
        Ok(tier.into_active_model().insert(db).await?.id)
    }
}

/// Everything that is wrong with the tier is told at once.
fn check(draft: &TierDraft, currency: Currency) -> Result<CheckedTier, Problem> {
    let label = label::parse("tier_label", &draft.label);
    let description = label::parse_text("description", &draft.description, LONGEST_DESCRIPTION);
    let mut prices = Vec::new();
    let mut wrong = Vec::new();
    for (interval, field, text) in [
        (Interval::Month, "monthly", &draft.monthly),
        (Interval::Year, "yearly", &draft.yearly),
    ] {
        if !text.trim().is_empty() {
            match Money::parse_price(field, text, currency) {
                Ok(price) => prices.push((interval, price)),
                Err(problem) => wrong.push(problem),
            }
        }
    }
    if prices.is_empty() && wrong.is_empty() {
        wrong.push(Problem::invalid(
            "monthly",
            "Price is missing: give one by month, by year, or both.",
        ));
    }
    let texts = [label.as_ref().err(), description.as_ref().err()].into_iter().flatten();
    match Problem::together(texts.cloned().chain(wrong)) {
        Some(problem) => Err(problem),
        None => Ok(CheckedTier {
            label: label?,
            description: description?,
            prices,
        }),
    }
}

/// A price row in our words.
pub(crate) fn price_of(row: &price::Model) -> Result<(Interval, Money)> {
    let interval = Interval::parse(&row.interval)
        .ok_or_else(|| crate::Error::inconsistent(format!("price {}: interval {}", row.id, row.interval)))?;
    Ok((interval, Money::new(row.amount, Currency::parse(&row.currency)?)))
}

async fn find_plan(db: &impl ConnectionTrait, community: &Community, id: PlanId) -> Result<plan::Model> {
    let row = plan::Entity::within(community.id)
        .filter(plan::Column::Id.eq(id.0))
        .one(db)
        .await?;
    row.ok_or_else(|| Problem::not_found("plan").into())
}

async fn find_tier(db: &impl ConnectionTrait, community: &Community, id: TierId) -> Result<tier::Model> {
    let row = tier::Entity::within(community.id)
        .filter(tier::Column::Id.eq(id.0))
        .one(db)
        .await?;
    row.ok_or_else(|| Problem::not_found("tier").into())
}

async fn role_rename(db: &impl ConnectionTrait, community: &Community, id: Uuid, label: &str) -> Result<()> {
    let row = role::Entity::within(community.id)
        .filter(role::Column::Id.eq(id))
        .one(db)
        .await?;
    if let Some(row) = row {
        let mut row = row.into_active_model();
        row.label = Set(label.to_owned());
        row.update(db).await?;
    }
    Ok(())
}
