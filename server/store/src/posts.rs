//! Posts and their paywall. Policy: everybody sees titles and teasers; a body opens to who holds its privilege now (and to
//! the owner, who holds all); a clerk writes.

use model::{
    Problem,
    fingerprint::Fingerprint,
    id::{PostId, PrivilegeId},
    label,
    post::{
        LONGEST_BODY, LONGEST_TEASER, OpeningTier, PostBody, PostDraft, PostListing, PostSource, PostView, PostsView,
    },
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::HashMap;
use uuid::Uuid;

use crate::{
    Store,
    actor::{Clerk, Community, Visitor},
    entity::{Scoped, plan, post, privilege, role_privilege, tier},
    error::Result,
    fingerprint,
};

mod markdown;

/// Posts a list shows at most.
const LISTED: u64 = 200;

/// The service; made by [`Store::posts`].
pub struct Posts<'a>(pub(crate) &'a Store);

struct CheckedPost {
    title: String,
    teaser: String,
    body: String,
    privilege: Option<Uuid>,
}

impl Posts<'_> {
    /// The community's posts, newest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn list(&self, visitor: &Visitor) -> Result<Vec<PostListing>> {
        let rows = post::Entity::within(visitor.community.id)
            .order_by_desc(post::Column::PublishedAt)
            .limit(LISTED)
            .all(self.0.database().read())
            .await?;
        let labels = self.labels(&visitor.community).await?;
        Ok(rows
            .into_iter()
            .map(|row| PostListing {
                locked: !may_open(visitor, &row),
                privilege: row.privilege_id.and_then(|id| labels.get(&id).cloned()),
                id: PostId(row.id),
                title: row.title,
                teaser: row.teaser,
                published_at: row.published_at,
            })
            .collect())
    }

    async fn labels(&self, community: &Community) -> Result<HashMap<Uuid, String>> {
        let rows = privilege::Entity::within(community.id)
            .all(self.0.database().read())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.label)).collect())
    }

    /// One post: open, or the lock and the tiers that open it.
    ///
    /// # Errors
    /// `Problem::NotFound`
    pub async fn read(&self, visitor: &Visitor, id: PostId) -> Result<PostView> {
        let row = find(self.0.database().read(), &visitor.community, id).await?;
        let body = match row.privilege_id {
            Some(privilege) if !may_open(visitor, &row) => PostBody::Locked {
                privilege: self
                    .labels(&visitor.community)
                    .await?
                    .remove(&privilege)
                    .unwrap_or_default(),
                tiers: self.opening_tiers(&visitor.community, privilege).await?,
                signed_in: visitor.user.is_some(),
            },
            _ => PostBody::Open {
                html: markdown::html(&row.body),
            },
        };
        Ok(PostView {
            id,
            title: row.title,
            teaser: row.teaser,
            published_at: row.published_at,
            body,
        })
    }

    /// Tiers for sale whose role carries the privilege.
    async fn opening_tiers(&self, community: &Community, privilege: Uuid) -> Result<Vec<OpeningTier>> {
        let read = self.0.database().read();
        let roles: Vec<Uuid> = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::PrivilegeId.eq(privilege))
            .select_only()
            .column(role_privilege::Column::RoleId)
            .into_tuple()
            .all(read)
            .await?;
        let tiers = tier::Entity::within(community.id)
            .filter(tier::Column::RoleId.is_in(roles))
            .filter(tier::Column::Active.eq(true))
            .order_by_asc(tier::Column::CreatedAt)
            .all(read)
            .await?;
        let plans = plan::Entity::within(community.id)
            .filter(plan::Column::Archived.eq(false))
            .all(read)
            .await?;
        let opening = |tier: tier::Model| {
            let plan = plans.iter().find(|plan| plan.id == tier.plan_id)?;
            Some(OpeningTier {
                plan_label: plan.label.clone(),
                tier_label: tier.label,
            })
        };
        Ok(tiers.into_iter().filter_map(opening).collect())
    }

    /// # Errors
    /// When the database cannot be asked.
    pub async fn manage(&self, clerk: &Clerk) -> Result<PostsView> {
        let rows = post::Entity::within(clerk.community.id)
            .order_by_desc(post::Column::PublishedAt)
            .limit(LISTED)
            .all(self.0.database().read())
            .await?;
        let labels = self.labels(&clerk.community).await?;
        let listing = |row: post::Model| PostListing {
            locked: row.privilege_id.is_some(),
            privilege: row.privilege_id.and_then(|id| labels.get(&id).cloned()),
            id: PostId(row.id),
            title: row.title,
            teaser: row.teaser,
            published_at: row.published_at,
        };
        Ok(PostsView {
            posts: rows.into_iter().map(listing).collect(),
            privileges: self.0.privilege_choices(&clerk.community).await?,
        })
    }

    /// # Errors
    /// `Problem::NotFound`
    pub async fn source(&self, clerk: &Clerk, id: PostId) -> Result<PostSource> {
        let row = find(self.0.database().read(), &clerk.community, id).await?;
        Ok(PostSource {
            id,
            shown: shown_by(&row.title, &row.teaser, &row.body, row.privilege_id),
            title: row.title,
            teaser: row.teaser,
            body: row.body,
            privilege: row.privilege_id.map(PrivilegeId),
        })
    }

    /// # Errors
    /// `Problem::Invalid` on the field.
    pub async fn write(&self, clerk: &Clerk, draft: &PostDraft) -> Result<()> {
        let checked = self.check(clerk, draft).await?;
        let now = self.0.now();
        let row = post::Model {
            id: self.0.randomness().id(now),
            community_id: clerk.community.id.0,
            author_id: clerk.user.user.0,
            title: checked.title,
            teaser: checked.teaser,
            body: checked.body,
            privilege_id: checked.privilege,
            published_at: now,
        };
        row.into_active_model().insert(self.0.database().write()).await?;
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`; `Problem::Invalid` on the field; `Problem::EditedMeanwhile`.
    pub async fn edit(&self, clerk: &Clerk, id: PostId, shown: &Fingerprint, draft: &PostDraft) -> Result<()> {
        let checked = self.check(clerk, draft).await?;
        let transaction = self.0.database().begin().await?;
        self.0.database().serialise(&transaction, &id.to_string()).await?;
        let row = find(&transaction, &clerk.community, id).await?;
        let now = shown_by(&row.title, &row.teaser, &row.body, row.privilege_id);
        let wanted = shown_by(&checked.title, &checked.teaser, &checked.body, checked.privilege);
        fingerprint::check(shown, now, &wanted)?;
        let mut row = row.into_active_model();
        row.title = Set(checked.title);
        row.teaser = Set(checked.teaser);
        row.body = Set(checked.body);
        row.privilege_id = Set(checked.privilege);
        row.update(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    /// # Errors
    /// `Problem::NotFound`
    pub async fn delete(&self, clerk: &Clerk, id: PostId) -> Result<()> {
        let row = find(self.0.database().read(), &clerk.community, id).await?;
        let by = Some(clerk.user.user);
        let transaction = self.0.database().begin().await?;
        self.0
            .audit(&transaction, clerk.community.id, by, "post deleted", &row.title)
            .await?;
        row.into_active_model().delete(&transaction).await?;
        transaction.commit().await?;
        self.0.live().tell(clerk.community.id, None);
        Ok(())
    }

    async fn check(&self, clerk: &Clerk, draft: &PostDraft) -> Result<CheckedPost> {
        let title = label::parse("title", &draft.title);
        let teaser = label::parse_text("teaser", &draft.teaser, LONGEST_TEASER);
        let body = label::parse_text("body", &draft.body, LONGEST_BODY).and_then(|body| {
            let empty = || Problem::invalid("body", "Text must not be empty: it is what the paywall opens.");
            (!body.is_empty()).then_some(body).ok_or_else(empty)
        });
        let wrong = [&title, &teaser, &body]
            .into_iter()
            .filter_map(|checked| checked.as_ref().err());
        if let Some(problem) = Problem::together(wrong.cloned()) {
            return Err(problem.into());
        }
        let privilege = match draft.privilege.trim() {
            "" => None,
            id => {
                let id: PrivilegeId = id.parse()?;
                let known = self.0.privilege_choices(&clerk.community).await?;
                let known = known.iter().any(|choice| choice.id == id);
                Some(known.then_some(id.0).ok_or_else(|| Problem::not_found("privilege"))?)
            }
        };
        Ok(CheckedPost {
            title: title?,
            teaser: teaser?,
            body: body?,
            privilege,
        })
    }
}

async fn find(db: &impl ConnectionTrait, community: &Community, id: PostId) -> Result<post::Model> {
    let row = post::Entity::within(community.id)
        .filter(post::Column::Id.eq(id.0))
        .one(db)
        .await?;
    row.ok_or_else(|| Problem::not_found("post").into())
}

/// What the form of a post shows.
fn shown_by(title: &str, teaser: &str, body: &str, privilege: Option<Uuid>) -> Fingerprint {
    let privilege = privilege.map(|id| id.to_string()).unwrap_or_default();
    fingerprint::of([title, teaser, body, &privilege])
}

fn may_open(visitor: &Visitor, row: &post::Model) -> bool {
    row.privilege_id
        .is_none_or(|privilege| visitor.privileges.contains(&PrivilegeId(privilege)))
}
