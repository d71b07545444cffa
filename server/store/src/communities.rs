//! Communities: making, joining, settings.
//!
//! Policy: any signed-in user may make one and owns it; any signed-in user may join; a clerk changes the settings.

use std::collections::HashSet;

use chrono::Duration;
use model::{
    Problem,
    community::{CommunityListing, Home, SettingsView},
    fingerprint::Fingerprint,
    id::CommunityId,
    label,
    money::Currency,
    permissions::RoleKind,
    privilege::BuiltInPrivilege,
    slug::Slug,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Clerk, Customer, Session},
    entity::{Scoped, community, grant, membership, price, privilege, role, role_privilege},
    error::Result,
    fingerprint,
};

/// Communities that one person opens within a day at most: each may make a Stripe account.
const MOST_A_DAY: u64 = 10;
/// Communities of others that a list shows at most.
const LISTED: u64 = 100;
const LONGEST_DESCRIPTION: usize = 300;

/// The service; made by [`Store::communities`].
pub struct Communities<'a>(pub(crate) &'a Store);

impl Communities<'_> {
    /// The communities of the person looking, and the others.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn home(&self, session: &Session) -> Result<Home> {
        let read = self.0.database().read();
        let newest_first = community::Entity::find().order_by_desc(community::Column::CreatedAt);
        let mut mine = HashSet::new();
        let mut working_in = HashSet::new();
        if let Some(user) = &session.user {
            let joined: Vec<Uuid> = membership::Entity::find()
                .filter(membership::Column::UserId.eq(user.user.0))
                .select_only()
                .column(membership::Column::CommunityId)
                .into_tuple()
                .all(read)
                .await?;
            working_in = self.0.worked_in(user.user, &joined).await?;
            mine.extend(joined);
        }
        // However many others there are, one's own are there.
        let whose = session.user.as_ref().map(|user| {
            Condition::any()
                .add(community::Column::OwnerId.eq(user.user.0))
                .add(community::Column::Id.is_in(mine.union(&working_in).copied()))
        });
        let mut rows = match &whose {
            Some(theirs) => newest_first.clone().filter(theirs.clone()).all(read).await?,
            None => Vec::new(),
        };
        let not_theirs = whose.map_or_else(Condition::all, |theirs| Condition::all().add(theirs.not()));
        rows.extend(newest_first.filter(not_theirs).limit(LISTED).all(read).await?);
        let mut home = Home::default();
        for row in rows {
            let owns = session.user.as_ref().is_some_and(|user| user.user.0 == row.owner_id);
            let manages = owns || working_in.contains(&row.id);
            let listing = CommunityListing {
                slug: Slug::parse(&row.slug)?,
                name: row.name,
                description: row.description,
                manages,
            };
            if manages || mine.contains(&row.id) {
                home.yours.push(listing);
            } else {
                home.others.push(listing);
            }
        }
        Ok(home)
    }

    /// Makes a community with its built-in privileges and roles; the maker owns it.
    ///
    /// # Errors
    /// `Problem::SignInNeeded`; `Problem::Invalid` on `name`, `slug` (also when it is taken) or `currency`.
    pub async fn create(&self, session: &Session, name: &str, slug: &str, currency: &str) -> Result<Slug> {
        let user = session.user()?;
        let name = label::parse("name", name)?;
        let slug = Slug::choose(slug)?;
        let currency = Currency::parse(currency)?;
        let now = self.0.now();
        let new_id = || self.0.randomness().id(now);
        let transaction = self.0.database().begin().await?;
        let turn = format!("communities of {}", user.user);
        self.0.database().serialise(&transaction, &turn).await?;
        let today = community::Entity::find()
            .filter(community::Column::OwnerId.eq(user.user.0))
            .filter(community::Column::CreatedAt.gt(now - Duration::days(1)))
            .count(&transaction)
            .await?;
        if today >= MOST_A_DAY {
            let message =
                format!("Name: you opened {MOST_A_DAY} communities within a day. Open the next one tomorrow.");
            return Err(Problem::invalid("name", message).into());
        }
        let taken = community::Entity::find()
            .filter(community::Column::Slug.eq(slug.as_str()))
            .one(&transaction)
            .await?;
        if taken.is_some() {
            return Err(Problem::invalid("slug", format!("Address “{slug}” is taken. Choose another one.")).into());
        }
        let id = new_id();
        community::Model {
            id,
            slug: slug.as_str().to_owned(),
            name,
            description: String::new(),
            owner_id: user.user.0,
            currency: currency.code().to_owned(),
            shop_paused: false,
            grace_days: 7,
            created_at: now,
        }
        .into_active_model()
        .insert(&transaction)
        .await?;
        let mut owner_role = None;
        for kind in [RoleKind::Owner, RoleKind::Member, RoleKind::Visitor] {
            let role = role::Model {
                id: new_id(),
                community_id: id,
                label: kind.as_str().to_owned(),
                kind: kind.as_str().to_owned(),
                created_at: now,
            };
            if kind == RoleKind::Owner {
                owner_role = Some(role.id);
            }
            role.into_active_model().insert(&transaction).await?;
        }
        for built_in in BuiltInPrivilege::ALL {
            let privilege = privilege::Model {
                id: new_id(),
                community_id: id,
                label: built_in.label().to_owned(),
                built_in: true,
                created_at: now,
            };
            let privilege = privilege.into_active_model().insert(&transaction).await?;
            if let Some(role_id) = owner_role {
                let carried = role_privilege::Model {
                    id: new_id(),
                    community_id: id,
                    role_id,
                    privilege_id: privilege.id,
                };
                carried.into_active_model().insert(&transaction).await?;
            }
        }
        if let Some(role_id) = owner_role {
            let grant = grant::Model {
                id: new_id(),
                community_id: id,
                user_id: user.user.0,
                role_id,
                starts_at: now,
                ends_at: None,
                source: "owner".to_owned(),
                subscription_id: None,
                created_at: now,
            };
            grant.into_active_model().insert(&transaction).await?;
        }
        self.0.add_member(&transaction, CommunityId(id), user.user.0).await?;
        transaction.commit().await?;
        Ok(slug)
    }

    /// Joining twice is the same as once.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn join(&self, customer: &Customer) -> Result<()> {
        self.0
            .add_member(self.0.database().write(), customer.community.id, customer.user.user.0)
            .await?;
        self.0.live().tell(customer.community.id, Some(customer.user.user));
        Ok(())
    }

    /// # Errors
    /// When the database cannot be asked.
    pub async fn settings(&self, clerk: &Clerk) -> Result<SettingsView> {
        let community = &clerk.community;
        Ok(SettingsView {
            name: community.name.clone(),
            slug: community.slug.clone(),
            description: community.description.clone(),
            currency: community.currency,
            currency_fixed: has_prices(self.0.database().read(), clerk.community.id).await?,
            grace_days: community.grace_days,
            shown: shown_by(
                &community.name,
                &community.description,
                community.currency.code(),
                community.grace_days.into(),
            ),
        })
    }

    /// Answers what the form shows from then on.
    ///
    /// # Errors
    /// `Problem::Invalid` on the field that is not allowed; `Problem::EditedMeanwhile`.
    pub async fn change_settings(
        &self,
        clerk: &Clerk,
        shown: &Fingerprint,
        name: &str,
        description: &str,
        currency: &str,
        grace_days: &str,
    ) -> Result<Fingerprint> {
        let name = label::parse("name", name)?;
        let description = label::parse_text("description", description, LONGEST_DESCRIPTION)?;
        let currency = Currency::parse(currency)?;
        let grace_days = grace_days
            .trim()
            .parse::<i16>()
            .ok()
            .filter(|days| (0..=30).contains(days))
            .ok_or_else(|| Problem::invalid("grace_days", "Grace days must be a whole number from 0 to 30."))?;
        let id = clerk.community.id;
        let transaction = self.0.database().begin().await?;
        self.0.database().serialise(&transaction, &id.to_string()).await?;
        let row = community::Entity::find_by_id(id.0).one(&transaction).await?;
        let row = row.ok_or_else(|| Problem::not_found("community"))?;
        let now = shown_by(&row.name, &row.description, &row.currency, row.grace_days);
        let wanted = shown_by(&name, &description, currency.code(), grace_days);
        fingerprint::check(shown, now, &wanted)?;
        if row.currency != currency.code() && has_prices(&transaction, id).await? {
            return Err(
                Problem::invalid("currency", "Currency cannot change any more: tiers are priced in it.").into(),
            );
        }
        let grace_changes = row.grace_days != grace_days;
        let mut row = row.into_active_model();
        row.name = Set(name);
        row.description = Set(description);
        row.currency = Set(currency.code().to_owned());
        row.grace_days = Set(grace_days);
        row.update(&transaction).await?;
        if grace_changes {
            self.0.enqueue_granting_again(&transaction, id.0).await?;
        }
        transaction.commit().await?;
        self.0.jobs_arrived();
        self.0.live().tell(id, None);
        Ok(wanted)
    }
}

async fn has_prices(db: &impl ConnectionTrait, community: CommunityId) -> Result<bool> {
    Ok(price::Entity::within(community).count(db).await? > 0)
}

/// What the form of the settings shows.
fn shown_by(name: &str, description: &str, currency: &str, grace_days: i16) -> Fingerprint {
    fingerprint::of([name, description, currency, &grace_days.to_string()])
}

impl Store {
    /// Makes the user a member if they are not one yet.
    pub(crate) async fn add_member(&self, db: &impl ConnectionTrait, community: CommunityId, user: Uuid) -> Result<()> {
        let now = self.now();
        let member = membership::ActiveModel {
            id: Set(self.randomness().id(now)),
            community_id: Set(community.0),
            user_id: Set(user),
            joined_at: Set(now),
        };
        membership::Entity::insert(member)
            .on_conflict(
                OnConflict::columns([membership::Column::CommunityId, membership::Column::UserId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        Ok(())
    }
}
