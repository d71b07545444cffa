//! Roles, privileges and members.

pub mod calls;
mod deleting;
mod gift;
mod member_list;
mod member_row;
mod members_state;
mod new_role;
mod owing;
mod pages_of_members;
mod privilege_list;
mod role_card;
mod role_editor;
mod state;

pub use member_list::MemberList;
pub use role_editor::RoleEditor;
