//! The questions before a role or a privilege is deleted. What is in use is refused, and the question says why.

use leptos::{form::ActionForm, prelude::*};
use model::{id::PrivilegeId, permissions::RoleView};

use super::state::use_permissions;
use crate::{
    editing::{FormButtons, Question},
    ui::{FormFailure, failure_of},
};

#[component]
pub fn DeleteRoleQuestion(role: StoredValue<RoleView>) -> impl IntoView {
    let state = use_permissions();
    let (id, label) = role.with_value(|role| (role.id, role.label.clone()));
    view! {
        <Question form=state.form title=format!("Delete the role {label}?")>
            <p>"It is gone for good. Only a role that nobody holds can be deleted."</p>
            <ActionForm action=state.delete_role>
                <FormFailure failure=failure_of(state.delete_role) />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="role" value=id.to_string() />
                <FormButtons
                    form=state.form
                    submit="Delete role"
                    cancel="Keep it"
                    danger=true
                    pending=state.delete_role.pending()
                />
            </ActionForm>
        </Question>
    }
}

#[component]
pub fn DeletePrivilegeQuestion(id: PrivilegeId, label: StoredValue<String>) -> impl IntoView {
    let state = use_permissions();
    view! {
        <Question form=state.form title=format!("Delete the privilege {}?", label.get_value())>
            <p>"It is gone for good. Only a privilege that no role carries and no post asks for can be deleted."</p>
            <ActionForm action=state.delete_privilege>
                <FormFailure failure=failure_of(state.delete_privilege) />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="privilege" value=id.to_string() />
                <FormButtons
                    form=state.form
                    submit="Delete privilege"
                    cancel="Keep it"
                    danger=true
                    pending=state.delete_privilege.pending()
                />
            </ActionForm>
        </Question>
    }
}
