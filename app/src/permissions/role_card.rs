//! One role: where it comes from, and what it carries.

use leptos::{form::ActionForm, prelude::*};
use model::permissions::{PrivilegeView, RoleKind, RoleView};

use super::{
    deleting::DeleteRoleQuestion,
    state::{forms, use_permissions},
};
use crate::{
    editing::{FormButtons, FormPanel, OpenLink, Shown, ticked},
    ui::{Badge, ButtonVariant, Checkbox, ChoiceGroup, Field, FormFailure, Tone, failure_of},
};

#[component]
pub fn RoleCard(privileges: StoredValue<Vec<PrivilegeView>>, role: RoleView) -> impl IntoView {
    let state = use_permissions();
    let id = role.id;
    let role = StoredValue::new(role);
    let renaming = state.form.is_open(forms::RENAME_ROLE, id);
    let choosing = state.form.is_open(forms::ROLE_PRIVILEGES, id);
    let deleting = state.form.is_open(forms::DELETE_ROLE, id);
    view! {
        <li class="card">
            {move || {
                if renaming.get() {
                    view! { <RenameRoleForm role /> }.into_any()
                } else if choosing.get() {
                    view! { <RolePrivilegesForm privileges role /> }.into_any()
                } else {
                    view! { <RoleFacts privileges role /> }.into_any()
                }
            }}
            {move || deleting.get().then(|| view! { <DeleteRoleQuestion role /> })}
        </li>
    }
}

#[component]
fn RoleFacts(privileges: StoredValue<Vec<PrivilegeView>>, role: StoredValue<RoleView>) -> impl IntoView {
    let state = use_permissions();
    let role = role.get_value();
    let carried: Vec<String> = privileges.with_value(|all| {
        let carried = all.iter().filter(|privilege| role.privileges.contains(&privilege.id));
        carried.map(|privilege| privilege.label.clone()).collect()
    });
    let (tone, kind) = match role.kind {
        RoleKind::Custom => (Tone::Info, "made here"),
        RoleKind::Tier => (Tone::Success, "of a tier"),
        RoleKind::Owner | RoleKind::Member | RoleKind::Visitor => (Tone::Neutral, "built-in"),
    };
    let about = match role.kind {
        RoleKind::Owner => Some("Yours. It carries every privilege, always."),
        RoleKind::Member => Some("Held by everybody who joined."),
        RoleKind::Visitor => Some("Held by everybody, also signed out."),
        RoleKind::Tier => Some("Comes with the tier, for as long as it is paid."),
        RoleKind::Custom => None,
    };
    let carries = if carried.is_empty() {
        view! { <p class="small quiet">"Carries no privilege."</p> }.into_any()
    } else {
        let items = carried
            .into_iter()
            .map(|label| view! { <li dir="auto">{label}</li> })
            .collect_view();
        view! { <ul class="privilege-list small">{items}</ul> }.into_any()
    };
    let (choose, rename, delete) = (
        format!("Privileges of {}", role.label),
        format!("Rename {}", role.label),
        format!("Delete {}", role.label),
    );
    view! {
        <div class="row row-between">
            <h3 dir="auto">{role.label}</h3>
            <Badge tone>{kind}</Badge>
        </div>
        {about.map(|about| view! { <p class="small quiet">{about}</p> })}
        {carries}
        {(role.kind != RoleKind::Owner)
            .then(|| {
                view! {
                    <div class="actions">
                        <OpenLink
                            form=state.form
                            name=forms::ROLE_PRIVILEGES
                            id=role.id.to_string()
                            label=choose
                        >
                            "Privileges"
                        </OpenLink>
                        {(role.kind == RoleKind::Custom)
                            .then(|| {
                                view! {
                                    <OpenLink
                                        form=state.form
                                        name=forms::RENAME_ROLE
                                        id=role.id.to_string()
                                        variant=ButtonVariant::Quiet
                                        label=rename
                                    >
                                        "Rename"
                                    </OpenLink>
                                    <OpenLink
                                        form=state.form
                                        name=forms::DELETE_ROLE
                                        id=role.id.to_string()
                                        variant=ButtonVariant::Quiet
                                        label=delete
                                    >
                                        "Delete"
                                    </OpenLink>
                                }
                            })}
                    </div>
                }
            })}
    }
}

#[component]
fn RenameRoleForm(role: StoredValue<RoleView>) -> impl IntoView {
    let state = use_permissions();
    let failure = failure_of(state.rename_role);
    let role = role.get_value();
    view! {
        <FormPanel title=format!("Rename {}", role.label)>
            <ActionForm action=state.rename_role>
                <FormFailure failure fields=&["role_label"] />
                <Shown form=state.form fingerprint=role.shown failure />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="role" value=role.id.to_string() />
                <Field name="role_label" label="Role name" value=role.label failure required=true />
                <FormButtons form=state.form submit="Save name" pending=state.rename_role.pending() />
            </ActionForm>
        </FormPanel>
    }
}

const LOCKED: &str = "You do not hold it yourself, so you can neither give it nor take it away.";

#[component]
fn RolePrivilegesForm(privileges: StoredValue<Vec<PrivilegeView>>, role: StoredValue<RoleView>) -> impl IntoView {
    let state = use_permissions();
    let failure = failure_of(state.set_privileges);
    let role = role.get_value();
    let ticked = ticked("privileges[]", failure);
    let choices = privileges
        .get_value()
        .into_iter()
        .map(|privilege| {
            let id = privilege.id.to_string();
            let checked = match &ticked {
                Some(ticked) => ticked.contains(&id),
                None => role.privileges.contains(&privilege.id),
            };
            let locked = !privilege.yours;
            let hint = if locked {
                Some(LOCKED.to_owned())
            } else {
                privilege.help().map(str::to_owned)
            };
            // What is disabled is not sent, and what is not sent would be taken off.
            let stays =
                (locked && checked).then(|| view! { <input type="hidden" name="privileges[]" value=id.clone() /> });
            view! {
                {stays}
                <Checkbox name="privileges[]" value=id label=privilege.label hint checked disabled=locked />
            }
        })
        .collect_view();
    view! {
        <FormPanel title=format!("Privileges of {}", role.label)>
            <ActionForm action=state.set_privileges>
                <FormFailure failure fields=&["privileges"] />
                <Shown form=state.form fingerprint=role.privileges_shown failure />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="role" value=role.id.to_string() />
                <ChoiceGroup name="privileges" legend="Who holds this role can" hint="Applies at once." failure>
                    {choices}
                </ChoiceGroup>
                <FormButtons form=state.form submit="Save privileges" pending=state.set_privileges.pending() />
            </ActionForm>
        </FormPanel>
    }
}
