//! The question before a role is ended after a refund or a dispute.

use leptos::{form::ActionForm, prelude::*};
use model::attention::AttentionView;

use super::{line::whom, state::use_attention};
use crate::{
    editing::{FormButtons, Question},
    ui::{FormFailure, failure_of},
};

#[component]
pub fn EndRoleQuestion(notice: StoredValue<AttentionView>) -> impl IntoView {
    let state = use_attention();
    let (id, who, about) = notice.with_value(|notice| (notice.id, whom(notice), notice.about.clone()));
    let role = if about.is_empty() {
        "their role".to_owned()
    } else {
        about
    };
    view! {
        <Question form=state.form title=format!("End {role}?")>
            <p>
                {format!(
                    "{who} loses {role} now, and the subscription is cancelled at Stripe: nothing more is charged. This cannot be taken back; they can subscribe again.",
                )}
            </p>
            <p>"This gives no money back by itself."</p>
            <ActionForm action=state.end_role>
                <FormFailure failure=failure_of(state.end_role) />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="notice" value=id.to_string() />
                <FormButtons
                    form=state.form
                    submit="End the role"
                    cancel="Leave it"
                    danger=true
                    pending=state.end_role.pending()
                />
            </ActionForm>
        </Question>
    }
}
