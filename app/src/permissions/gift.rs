//! Giving a role as a gift, and taking it back.

use leptos::{form::ActionForm, prelude::*};
use model::{
    id::{GrantId, UserId},
    permissions::MembersView,
};

use super::members_state::use_members;
use crate::{
    editing::{FormButtons, FormPanel, Question},
    ui::{Field, FormFailure, SelectField, failure_of},
};

#[component]
pub fn GiveRoleForm(view: StoredValue<MembersView>, user: UserId, email: StoredValue<String>) -> impl IntoView {
    let state = use_members();
    let failure = failure_of(state.give);
    let roles: Vec<(String, String)> = view.with_value(|view| {
        let roles = view.giveable.iter();
        roles.map(|role| (role.id.to_string(), role.label.clone())).collect()
    });
    view! {
        <FormPanel title=email.with_value(|email| format!("Give {email} a role")) below_page_title=true>
            <ActionForm action=state.give>
                <FormFailure failure fields=&["role", "days"] />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="user" value=user.to_string() />
                <SelectField name="role" label="Role" options=roles failure />
                <Field
                    name="days"
                    label="For how many days"
                    hint="Empty: until you take it back."
                    failure
                    inputmode="numeric"
                    suffix="days"
                />
                <FormButtons form=state.form submit="Give role" pending=state.give.pending() />
            </ActionForm>
        </FormPanel>
    }
}

#[component]
pub fn TakeBackQuestion(grant: GrantId, role_label: StoredValue<String>, email: StoredValue<String>) -> impl IntoView {
    let state = use_members();
    let title = format!("Take {} back from {}?", role_label.get_value(), email.get_value());
    view! {
        <Question form=state.form title>
            <p>"The gift ends at once. What they hold by a subscription stays."</p>
            <ActionForm action=state.take_back>
                <FormFailure failure=failure_of(state.take_back) />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="grant" value=grant.to_string() />
                <FormButtons
                    form=state.form
                    submit="Take it back"
                    cancel="Let them keep it"
                    danger=true
                    pending=state.take_back.pending()
                />
            </ActionForm>
        </Question>
    }
}
