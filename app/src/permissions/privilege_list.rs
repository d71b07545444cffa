//! Every privilege there is; the merchant's own can be made and renamed.

use leptos::{form::ActionForm, prelude::*};
use model::permissions::PrivilegeView;

use super::{
    deleting::DeletePrivilegeQuestion,
    state::{forms, use_permissions},
};
use crate::{
    editing::{FormButtons, FormPanel, OpenLink, Shown},
    ui::{Badge, ButtonVariant, Card, Field, FormFailure, failure_of},
};

#[component]
pub fn PrivilegeList(privileges: StoredValue<Vec<PrivilegeView>>) -> impl IntoView {
    let state = use_permissions();
    let making = state.form.is_open(forms::NEW_PRIVILEGE, "");
    let (built_in, own): (Vec<_>, Vec<_>) = privileges
        .get_value()
        .into_iter()
        .partition(|privilege| privilege.built_in);
    let has_own = !own.is_empty();
    let rows = own
        .into_iter()
        .chain(built_in)
        .map(|privilege| view! { <PrivilegeRow privilege /> })
        .collect_view();
    let top = move || {
        if making.get() {
            view! { <NewPrivilege /> }.into_any()
        } else {
            view! {
                <div class="actions">
                    <OpenLink form=state.form name=forms::NEW_PRIVILEGE>
                        "New privilege"
                    </OpenLink>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <Card title="Privileges">
            <p class="quiet">
                {if has_own {
                    "What a role can carry. A post can ask for one of them."
                } else {
                    "What a role can carry. Make one of your own, such as “watch videos”, and let a post ask for it."
                }}
            </p>
            {top}
            <ul class="list">{rows}</ul>
        </Card>
    }
}

#[component]
fn PrivilegeRow(privilege: PrivilegeView) -> impl IntoView {
    let state = use_permissions();
    let renaming = state.form.is_open(forms::RENAME_PRIVILEGE, privilege.id);
    let deleting = state.form.is_open(forms::DELETE_PRIVILEGE, privilege.id);
    move || {
        let help = privilege.help();
        let PrivilegeView {
            id, label, built_in, ..
        } = privilege.clone();
        let (rename, delete) = (format!("Rename {label}"), format!("Delete {label}"));
        let asked = StoredValue::new(label.clone());
        if renaming.get() && !built_in {
            return view! {
                <li>
                    <RenamePrivilegeForm privilege=privilege.clone() />
                </li>
            }
            .into_any();
        }
        view! {
            <li>
                <div class="row row-between">
                <span dir="auto">{label}</span>
                {if built_in {
                    view! { <Badge>"built-in"</Badge> }.into_any()
                } else {
                    view! {
                        <div class="actions">
                            <OpenLink
                                form=state.form
                                name=forms::RENAME_PRIVILEGE
                                id=id.to_string()
                                variant=ButtonVariant::Quiet
                                label=rename
                            >
                                "Rename"
                            </OpenLink>
                            <OpenLink
                                form=state.form
                                name=forms::DELETE_PRIVILEGE
                                id=id.to_string()
                                variant=ButtonVariant::Quiet
                                label=delete
                            >
                                "Delete"
                            </OpenLink>
                        </div>
                        {move || deleting.get().then(|| view! { <DeletePrivilegeQuestion id label=asked /> })}
                    }
                        .into_any()
                }}
                </div>
                {help.map(|help| view! { <p class="small quiet">{help}</p> })}
            </li>
        }
        .into_any()
    }
}

#[component]
fn NewPrivilege() -> impl IntoView {
    let state = use_permissions();
    let failure = failure_of(state.create_privilege);
    view! {
        <FormPanel title="New privilege">
            <ActionForm action=state.create_privilege>
                <FormFailure failure fields=&["privilege_label"] />
                <input type="hidden" name="community" value=state.community />
                <Field
                    name="privilege_label"
                    label="Privilege name"
                    hint="What it lets somebody do, for example “watch videos”."
                    failure
                    required=true
                />
                <FormButtons form=state.form submit="Create privilege" pending=state.create_privilege.pending() />
            </ActionForm>
        </FormPanel>
    }
}

#[component]
fn RenamePrivilegeForm(privilege: PrivilegeView) -> impl IntoView {
    let state = use_permissions();
    let failure = failure_of(state.rename_privilege);
    view! {
        <FormPanel title=format!("Rename {}", privilege.label)>
            <ActionForm action=state.rename_privilege>
                <FormFailure failure fields=&["privilege_label"] />
                <Shown form=state.form fingerprint=privilege.shown failure />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="privilege" value=privilege.id.to_string() />
                <Field
                    name="privilege_label"
                    label="Privilege name"
                    value=privilege.label
                    failure
                    required=true
                />
                <FormButtons form=state.form submit="Save name" pending=state.rename_privilege.pending() />
            </ActionForm>
        </FormPanel>
    }
}
