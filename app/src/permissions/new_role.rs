//! The form that makes a role.

use leptos::{form::ActionForm, prelude::*};

use super::state::use_permissions;
use crate::{
    editing::{FormButtons, FormPanel},
    ui::{Field, FormFailure, failure_of},
};

#[component]
pub fn NewRole() -> impl IntoView {
    let state = use_permissions();
    let failure = failure_of(state.create_role);
    view! {
        <FormPanel title="New role">
            <ActionForm action=state.create_role>
                <FormFailure failure fields=&["role_label"] />
                <input type="hidden" name="community" value=state.community />
                <Field
                    name="role_label"
                    label="Role name"
                    hint="For people you give it to yourself. Tiers bring their own role."
                    failure
                    required=true
                />
                <FormButtons form=state.form submit="Create role" pending=state.create_role.pending() />
            </ActionForm>
        </FormPanel>
    }
}
