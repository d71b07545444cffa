//! Pages: each puts a header and one or more features' components together. `app` routes to them.

mod community;
mod home;
mod manage;
mod membership;
mod not_found;
mod post;
mod sign_in;

pub use community::{CommunityLayout, CommunityPage};
pub use home::HomePage;
pub use manage::{
    ManageLayout, ManageMembers, ManagePlans, ManagePosts, ManageRoles, ManageSettings, ManageStart, ManageStore,
};
pub use membership::MembershipPage;
pub use not_found::NotFoundPage;
pub use post::PostPage;
pub use sign_in::SignInPage;
