//! The form a post is written in.

use leptos::{form::ActionForm, prelude::*};
use model::{planning::PrivilegeChoice, post::PostSource};

use super::manage_state::use_manage_posts;
use crate::{
    editing::{FormButtons, FormPanel, Shown, nested},
    error::Failure,
    ui::{AreaField, Field, FormFailure, Loaded, SelectField, failure_of},
};

/// A problem's field, and how the form nests it.
const NAMES: &[(&str, &str)] = &[
    ("title", "draft[title]"),
    ("teaser", "draft[teaser]"),
    ("body", "draft[body]"),
    ("privilege", "draft[privilege]"),
];

const FIELDS: &[&str] = &["draft[title]", "draft[teaser]", "draft[body]", "draft[privilege]"];

#[component]
pub fn WritePostForm(privileges: StoredValue<Vec<PrivilegeChoice>>) -> impl IntoView {
    let state = use_manage_posts();
    let failure = nested(failure_of(state.write), NAMES);
    view! {
        <FormPanel title="New post" below_page_title=true>
            <ActionForm action=state.write>
                <FormFailure failure fields=FIELDS />
                <input type="hidden" name="community" value=state.community />
                <PostFields privileges failure />
                <FormButtons form=state.form submit="Publish post" pending=state.write.pending() />
            </ActionForm>
        </FormPanel>
    }
}

#[component]
pub fn EditPostForm(privileges: StoredValue<Vec<PrivilegeChoice>>) -> impl IntoView {
    let state = use_manage_posts();
    let failure = nested(failure_of(state.edit), NAMES);
    view! {
        <FormPanel title="Edit post" below_page_title=true>
            <Loaded resource=state.source label="Loading the post" lines=8 let:source>
                {source
                    .map(|source| {
                        view! {
                            <ActionForm action=state.edit>
                                <FormFailure failure fields=FIELDS />
                                <Shown form=state.form fingerprint=source.shown.clone() failure />
                                <input type="hidden" name="community" value=state.community />
                                <input type="hidden" name="post" value=source.id.to_string() />
                                <PostFields privileges failure source />
                                <FormButtons form=state.form submit="Save post" pending=state.edit.pending() />
                            </ActionForm>
                        }
                    })}
            </Loaded>
        </FormPanel>
    }
}

#[component]
fn PostFields(
    privileges: StoredValue<Vec<PrivilegeChoice>>,
    /// From [`nested`].
    failure: Signal<Option<Failure>>,
    /// What is there already.
    #[prop(optional)]
    source: Option<PostSource>,
) -> impl IntoView {
    let mut readers = vec![(String::new(), "Everybody".to_owned())];
    readers.extend(privileges.get_value().into_iter().map(|privilege| {
        (
            privilege.id.to_string(),
            format!("Only those who can “{}”", privilege.label),
        )
    }));
    let source = source.map(|source| {
        let privilege = source.privilege.map_or_else(String::new, |id| id.to_string());
        (source.title, source.teaser, source.body, privilege)
    });
    let (title, teaser, body, privilege) = source.unwrap_or_default();
    view! {
        <Field name="draft[title]" label="Title" value=title failure required=true />
        <AreaField
            name="draft[teaser]"
            label="Teaser"
            hint="Everybody reads this, also before the paywall."
            value=teaser
            failure
            rows=2
        />
        <AreaField
            name="draft[body]"
            label="Text"
            hint="Markdown: **bold**, *italic*, # headings, lists, [links](https://…)."
            value=body
            failure
            rows=14
            required=true
        />
        <SelectField
            name="draft[privilege]"
            label="Who can read it"
            hint="Tiers whose role carries the privilege open the post."
            options=readers
            value=privilege
            failure
        />
    }
}
