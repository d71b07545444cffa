//! The tables as sea-orm sees them; private to this crate. `migrations` is the truth about them.
//!
//! Everything that belongs to a community is found through [`Scoped::within`]; nothing else makes a query for it.

use model::id::CommunityId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

pub mod attention;
pub mod audit_entry;
pub mod card_setup;
pub mod checkout;
pub mod community;
pub mod connection;
pub mod customer;
pub mod grant;
pub mod job;
pub mod lease;
pub mod letter;
pub mod membership;
pub mod plan;
pub mod portal_config;
pub mod post;
pub mod price;
pub mod privilege;
pub mod product;
pub mod role;
pub mod role_privilege;
pub mod session;
pub mod sign_in_attempt;
pub mod stripe_platform;
pub mod stripe_write;
pub mod subscription;
pub mod tier;
pub mod user;
pub mod webhook_event;

/// A table whose rows belong to communities.
pub trait Scoped: EntityTrait {
    /// The column with the community's id.
    const COMMUNITY: Self::Column;

    /// The rows of one community.
    fn within(community: CommunityId) -> Select<Self> {
        Self::find().filter(Self::COMMUNITY.eq(community.0))
    }
}

macro_rules! scoped {
    ($($table:ident),*) => {$(
        impl Scoped for $table::Entity {
            const COMMUNITY: Self::Column = $table::Column::CommunityId;
        }
    )*};
}

scoped!(
    membership,
    privilege,
    role,
    role_privilege,
    connection,
    portal_config,
    customer,
    plan,
    tier,
    product,
    price,
    checkout,
    subscription,
    grant,
    audit_entry,
    post,
    card_setup,
    letter,
    attention
);
