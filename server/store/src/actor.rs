//! Who asks, and what they may: values that only this module can make, so that a call without permission does not
//! compile. A service takes the actor its policy names.
//!
//! | actor | who |
//! |---|---|
//! | `Visitor` | anyone, also signed out, looking at a community |
//! | `Customer` | a signed-in user looking at the shop |
//! | `Clerk` | may `manage store` |
//! | `Merchant` | may `control stripe account`; the owner always may |
//! | `PermissionManager` | may `manage permissions` |
//! | `MemberViewer` | may `view members` |
//! | `FreebieGiver` | may `give away freebies` |
//! | `PlatformAdmin` | runs the platform: `PLATFORM_ADMINS` names their e-mail address |

use std::collections::HashSet;

use chrono::Duration;
use model::{
    Problem, Timestamp,
    community::{CommunityView, MayDo},
    id::{CommunityId, PrivilegeId, UserId},
    money::Currency,
    permissions::RoleKind,
    privilege::BuiltInPrivilege,
    session::SignedIn,
    slug::Slug,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use crate::{
    Store,
    entity::{Scoped, community, grant, membership, privilege, role, role_privilege, user},
    error::{Error, Result},
};

/// How far Stripe's clock may be ahead of ours.
const CLOCK_SKEW: Duration = Duration::minutes(1);

/// A browser: signed in, or not.
#[derive(Debug, Clone, Default)]
pub struct Session {
    pub(crate) token_hash: Option<String>,
    pub(crate) user: Option<SignedIn>,
}

impl Session {
    pub fn signed_in(&self) -> Option<SignedIn> {
        self.user.clone()
    }

    pub(crate) fn user(&self) -> Result<&SignedIn, Problem> {
        self.user.as_ref().ok_or(Problem::SignInNeeded)
    }
}

/// What a service needs to know of the community it works for.
#[derive(Debug, Clone)]
pub struct Community {
    pub(crate) id: CommunityId,
    pub(crate) slug: Slug,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) currency: Currency,
    pub(crate) shop_paused: bool,
    pub(crate) grace_days: u8,
    owner: UserId,
}

impl Community {
    pub(crate) fn owner(&self) -> UserId {
        self.owner
    }

    pub(crate) fn from_row(row: community::Model) -> Result<Self> {
        let bad = |what: &str| Error::inconsistent(format!("community {}: {what}", row.id));
        Ok(Self {
            id: CommunityId(row.id),
            slug: Slug::parse(&row.slug).map_err(|_| bad("slug"))?,
            currency: Currency::parse(&row.currency).map_err(|_| bad("currency"))?,
            grace_days: u8::try_from(row.grace_days).map_err(|_| bad("grace days"))?,
            name: row.name,
            description: row.description,
            shop_paused: row.shop_paused,
            owner: UserId(row.owner_id),
        })
    }
}

/// Anyone, looking at a community.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub(crate) community: Community,
    pub(crate) user: Option<SignedIn>,
    pub(crate) joined: bool,
    /// Every privilege held now, by whatever role.
    pub(crate) privileges: HashSet<PrivilegeId>,
    built_in: HashSet<BuiltInPrivilege>,
}

/// Runs the platform.
#[derive(Debug, Clone)]
pub struct PlatformAdmin(());

impl Store {
    /// # Errors
    /// `Problem::SignInNeeded`; for everybody else there is nothing: `Problem::NotFound`.
    pub fn platform_admin(&self, session: &Session) -> Result<PlatformAdmin, Problem> {
        let email = &session.user()?.email;
        if self.settings().platform_admins.contains(email) {
            Ok(PlatformAdmin(()))
        } else {
            Err(Problem::not_found("page"))
        }
    }
}

/// May `manage store`.
#[derive(Debug, Clone)]
pub struct Clerk {
    pub(crate) community: Community,
    pub(crate) user: SignedIn,
    /// May `control stripe account` as well; only to show the right buttons.
    pub(crate) also_merchant: bool,
    /// May `view members` as well; the same.
    pub(crate) also_viewer: bool,
}

/// May `view members`.
#[derive(Debug, Clone)]
pub struct MemberViewer {
    pub(crate) community: Community,
    /// May `give away freebies` as well; only to show the right buttons.
    pub(crate) also_giver: bool,
    /// The built-in privileges they hold themselves; the same.
    pub(crate) holds: HashSet<BuiltInPrivilege>,
}

/// May `manage permissions`.
#[derive(Debug, Clone)]
pub struct PermissionManager {
    pub(crate) community: Community,
    pub(crate) user: SignedIn,
    /// The built-in privileges they hold themselves: nobody hands out others.
    pub(crate) holds: HashSet<BuiltInPrivilege>,
}

/// May `give away freebies`.
#[derive(Debug, Clone)]
pub struct FreebieGiver {
    pub(crate) community: Community,
    pub(crate) user: SignedIn,
    /// The same.
    pub(crate) holds: HashSet<BuiltInPrivilege>,
}

macro_rules! actors {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            pub(crate) community: Community,
            pub(crate) user: SignedIn,
        }
    )*};
}

actors! {
    /// A signed-in user looking at the shop.
    Customer;
    /// May `control stripe account`; the owner always may.
    Merchant;
}

impl Visitor {
    /// # Errors
    /// `Problem::SignInNeeded`
    pub fn customer(&self) -> Result<Customer, Problem> {
        let user = self.user.clone().ok_or(Problem::SignInNeeded)?;
        Ok(Customer {
            community: self.community.clone(),
            user,
        })
    }

    /// # Errors
    /// `Problem::SignInNeeded`, `Problem::NotAllowed`
    pub fn clerk(&self) -> Result<Clerk, Problem> {
        let (community, user) = self.holder(BuiltInPrivilege::ManageStore)?;
        Ok(Clerk {
            community,
            user,
            also_merchant: self.may(BuiltInPrivilege::ControlStripeAccount),
            also_viewer: self.may(BuiltInPrivilege::ViewMembers),
        })
    }

    /// # Errors
    /// `Problem::SignInNeeded`, `Problem::NotAllowed`
    pub fn merchant(&self) -> Result<Merchant, Problem> {
        let (community, user) = self.holder(BuiltInPrivilege::ControlStripeAccount)?;
        Ok(Merchant { community, user })
    }

    /// # Errors
    /// `Problem::SignInNeeded`, `Problem::NotAllowed`
    pub fn permission_manager(&self) -> Result<PermissionManager, Problem> {
        let (community, user) = self.holder(BuiltInPrivilege::ManagePermissions)?;
        Ok(PermissionManager {
            community,
            user,
            holds: self.holds(),
        })
    }

    /// # Errors
    /// `Problem::SignInNeeded`, `Problem::NotAllowed`
    pub fn member_viewer(&self) -> Result<MemberViewer, Problem> {
        let (community, _) = self.holder(BuiltInPrivilege::ViewMembers)?;
        Ok(MemberViewer {
            community,
            also_giver: self.may(BuiltInPrivilege::GiveAwayFreebies),
            holds: self.holds(),
        })
    }

    /// # Errors
    /// `Problem::SignInNeeded`, `Problem::NotAllowed`
    pub fn freebie_giver(&self) -> Result<FreebieGiver, Problem> {
        let (community, user) = self.holder(BuiltInPrivilege::GiveAwayFreebies)?;
        Ok(FreebieGiver {
            community,
            user,
            holds: self.holds(),
        })
    }

    pub(crate) fn may(&self, privilege: BuiltInPrivilege) -> bool {
        self.is_owner() || self.built_in.contains(&privilege)
    }

    fn holds(&self) -> HashSet<BuiltInPrivilege> {
        let all = BuiltInPrivilege::ALL.into_iter();
        all.filter(|privilege| self.may(*privilege)).collect()
    }

    fn is_owner(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.user == self.community.owner)
    }

    fn holder(&self, privilege: BuiltInPrivilege) -> Result<(Community, SignedIn), Problem> {
        let user = self.user.clone().ok_or(Problem::SignInNeeded)?;
        if !self.may(privilege) {
            return Err(Problem::NotAllowed {
                privilege: privilege.label().to_owned(),
            });
        }
        Ok((self.community.clone(), user))
    }

    /// What the community's pages show of it to this person.
    pub fn community_view(&self) -> CommunityView {
        CommunityView {
            id: self.community.id,
            slug: self.community.slug.clone(),
            name: self.community.name.clone(),
            description: self.community.description.clone(),
            currency: self.community.currency,
            signed_in: self.user.is_some(),
            joined: self.joined,
            is_owner: self.is_owner(),
            may: MayDo {
                control_stripe_account: self.may(BuiltInPrivilege::ControlStripeAccount),
                manage_store: self.may(BuiltInPrivilege::ManageStore),
                manage_permissions: self.may(BuiltInPrivilege::ManagePermissions),
                give_away_freebies: self.may(BuiltInPrivilege::GiveAwayFreebies),
                view_members: self.may(BuiltInPrivilege::ViewMembers),
            },
        }
    }
}

impl Store {
    /// The e-mail address a user signs in with.
    pub(crate) async fn email_of(&self, id: UserId) -> Result<String> {
        user::Entity::find_by_id(id.0)
            .one(self.database().read())
            .await?
            .map(|user| user.email)
            .ok_or_else(|| Error::inconsistent(format!("user {id} is gone")))
    }

    /// The person of `session` in the community named `slug`, with what they may do there now.
    ///
    /// # Errors
    /// `Problem::NotFound` when there is no such community.
    pub async fn visitor(&self, session: &Session, slug: &str) -> Result<Visitor> {
        let not_found = || Problem::not_found("community");
        let slug = Slug::parse(slug).map_err(|_| not_found())?;
        let row = community::Entity::find()
            .filter(community::Column::Slug.eq(slug.as_str()))
            .one(self.database().read())
            .await?
            .ok_or_else(not_found)?;
        let community = Community::from_row(row)?;
        let user = session.user.clone();
        let joined = match &user {
            Some(user) => self.has_joined(community.id, user.user).await?,
            None => false,
        };
        let privileges = self
            .held_privileges(&community, user.as_ref().map(|user| user.user), joined)
            .await?;
        let built_in = privileges
            .iter()
            .filter_map(|row| BuiltInPrivilege::parse(&row.label).filter(|_| row.built_in));
        Ok(Visitor {
            built_in: built_in.collect(),
            privileges: privileges.iter().map(|row| PrivilegeId(row.id)).collect(),
            community,
            user,
            joined,
        })
    }

    async fn has_joined(&self, community: CommunityId, user: UserId) -> Result<bool> {
        let row = membership::Entity::within(community)
            .filter(membership::Column::UserId.eq(user.0))
            .one(self.database().read())
            .await?;
        Ok(row.is_some())
    }

    /// The privileges of every role held now: `visitor` by everybody, `member` by who joined, others by grants.
    async fn held_privileges(
        &self,
        community: &Community,
        user: Option<UserId>,
        joined: bool,
    ) -> Result<Vec<privilege::Model>> {
        let read = self.database().read();
        let owner = user == Some(community.owner);
        if owner {
            return Ok(privilege::Entity::within(community.id).all(read).await?);
        }
        let mut kinds = vec![RoleKind::Visitor.as_str()];
        if joined {
            kinds.push(RoleKind::Member.as_str());
        }
        let mut roles: Vec<Uuid> = role::Entity::within(community.id)
            .filter(role::Column::Kind.is_in(kinds))
            .select_only()
            .column(role::Column::Id)
            .into_tuple()
            .all(read)
            .await?;
        if let Some(user) = user {
            roles.extend(self.granted_roles(community.id, user, self.now()).await?);
        }
        let privileges: Vec<Uuid> = role_privilege::Entity::within(community.id)
            .filter(role_privilege::Column::RoleId.is_in(roles))
            .select_only()
            .column(role_privilege::Column::PrivilegeId)
            .into_tuple()
            .all(read)
            .await?;
        Ok(privilege::Entity::within(community.id)
            .filter(privilege::Column::Id.is_in(privileges))
            .all(read)
            .await?)
    }

    /// The communities in which the user holds a built-in privilege now, by a grant or, in those they joined, as a member.
    pub(crate) async fn worked_in(&self, user: UserId, joined: &[Uuid]) -> Result<HashSet<Uuid>> {
        let read = self.database().read();
        let mut roles: Vec<Uuid> = held_now(grant::Entity::find(), user, self.now())
            .select_only()
            .column(grant::Column::RoleId)
            .into_tuple()
            .all(read)
            .await?;
        let as_member: Vec<Uuid> = role::Entity::find()
            .filter(role::Column::CommunityId.is_in(joined.iter().copied()))
            .filter(role::Column::Kind.eq(RoleKind::Member.as_str()))
            .select_only()
            .column(role::Column::Id)
            .into_tuple()
            .all(read)
            .await?;
        roles.extend(as_member);
        let privileges: Vec<Uuid> = role_privilege::Entity::find()
            .filter(role_privilege::Column::RoleId.is_in(roles))
            .select_only()
            .column(role_privilege::Column::PrivilegeId)
            .into_tuple()
            .all(read)
            .await?;
        let communities: Vec<Uuid> = privilege::Entity::find()
            .filter(privilege::Column::Id.is_in(privileges))
            .filter(privilege::Column::BuiltIn.eq(true))
            .select_only()
            .column(privilege::Column::CommunityId)
            .into_tuple()
            .all(read)
            .await?;
        Ok(communities.into_iter().collect())
    }

    /// The owner, and whoever was given a role that carries `control stripe account`. (When everybody who joined has it, they
    /// are not meant.)
    pub(crate) async fn merchants(
        &self,
        db: &impl ConnectionTrait,
        community: &community::Model,
    ) -> Result<Vec<user::Model>> {
        let id = CommunityId(community.id);
        let privileges = privilege::Entity::within(id)
            .filter(privilege::Column::BuiltIn.eq(true))
            .filter(privilege::Column::Label.eq(BuiltInPrivilege::ControlStripeAccount.label()))
            .all(db)
            .await?;
        let roles = role_privilege::Entity::within(id)
            .filter(role_privilege::Column::PrivilegeId.is_in(privileges.iter().map(|row| row.id)))
            .all(db)
            .await?;
        let grants = grant::Entity::within(id).filter(grant::Column::RoleId.is_in(roles.iter().map(|row| row.role_id)));
        let grants = open_now(grants, self.now()).all(db).await?;
        let users = grants.iter().map(|grant| grant.user_id).chain([community.owner_id]);
        Ok(user::Entity::find()
            .filter(user::Column::Id.is_in(users))
            .all(db)
            .await?)
    }

    pub(crate) async fn granted_roles(
        &self,
        community: CommunityId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<Uuid>> {
        Ok(held_now(grant::Entity::within(community), user, now)
            .select_only()
            .column(grant::Column::RoleId)
            .into_tuple()
            .all(self.database().read())
            .await?)
    }
}

fn held_now(grants: Select<grant::Entity>, user: UserId, now: Timestamp) -> Select<grant::Entity> {
    open_now(grants.filter(grant::Column::UserId.eq(user.0)), now)
}

/// The grants whose window is open. One that begins in a moment counts: a subscription's window begins by Stripe's
/// clock, and a customer who has just paid must not be locked out while ours is a little behind.
fn open_now(grants: Select<grant::Entity>, now: Timestamp) -> Select<grant::Entity> {
    grants.filter(grant::Column::StartsAt.lte(now + CLOCK_SKEW)).filter(
        Condition::any()
            .add(grant::Column::EndsAt.is_null())
            .add(grant::Column::EndsAt.gt(now)),
    )
}
