//! Pages: each puts a header and one or more features' components together. `app` routes to them.

mod community;
mod home;
mod lazy;
mod manage;
mod membership;
mod not_found;
mod platform;
mod post;
mod sign_in;

pub use community::CommunityLayout;
use community::CommunityPage;
use home::HomePage;
pub use lazy::{
    CommunityRoute, HomeRoute, ManageLayoutRoute, ManageMembersRoute, ManageNotFoundRoute, ManagePlansRoute,
    ManagePostsRoute, ManageRolesRoute, ManageSettingsRoute, ManageStartRoute, ManageStoreRoute, MembershipRoute,
    PlatformRoute, PostRoute, SignInRoute,
};
use membership::MembershipPage;
pub use not_found::NotFoundPage;
use platform::PlatformPage;
use post::PostPage;
use sign_in::SignInPage;
