//! One thing that needs a person.

use leptos::{form::ActionForm, prelude::*};
use model::attention::{AttentionKind, AttentionView, ELSEWHERE, PARTLY};

use super::{
    end_role::EndRoleQuestion,
    state::{END_ROLE, use_attention},
};
use crate::{
    editing::OpenLink,
    ui::{Badge, Button, ButtonVariant, Day, Icon, IconName, Tone},
};

#[component]
pub fn AttentionLine(notice: AttentionView) -> impl IntoView {
    let state = use_attention();
    let id = notice.id;
    let asking = state.form.is_open(END_ROLE, id);
    let named = [notice.kind.label(), " of ", &whom(&notice)].concat();
    let about = (!notice.about.is_empty()).then(|| view! { <strong>{notice.about.clone()}</strong> });
    let amount = notice.amount.map(|amount| view! { <span>{amount.to_string()}</span> });
    let standing = notice
        .standing
        .as_deref()
        .map(|standing| view! { <span class="small quiet">{standing_label(standing)}</span> });
    let who = notice
        .email
        .clone()
        .map(|email| view! { <span class="breakable">{email}</span> });
    let dashboard = notice.dashboard_url.clone().map(|url| {
        let label = ["Open ", &named, " at Stripe (in a new tab)"].concat();
        view! {
            <a class="button" href=url target="_blank" rel="external noopener noreferrer" aria-label=label>
                "Open at Stripe"
                <Icon name=IconName::ExternalLink />
            </a>
        }
    });
    let end = notice.may_end_role.then(|| {
        view! {
            <OpenLink form=state.form name=END_ROLE id=id.to_string() label=format!("End the role: {named}")>
                "End the role"
            </OpenLink>
        }
    });
    let dismiss_label = format!("Dismiss: {named}");
    let explanation = notice.kind.explanation(notice.standing.as_deref());
    let (tone, label, since) = (tone(notice.kind), notice.kind.label(), notice.since);
    let notice = StoredValue::new(notice);
    view! {
        <li class="attention">
            <p class="row row-between">
                <span class="row">
                    <Badge tone>{label}</Badge>
                    {about}
                    {amount}
                    {standing}
                </span>
                <span class="small quiet">"since " <Day at=since /></span>
            </p>
            {who}
            <p class="quiet">{explanation}</p>
            <div class="actions">
                {dashboard} {end}
                <ActionForm action=state.dismiss>
                    <input type="hidden" name="community" value=state.community />
                    <input type="hidden" name="notice" value=id.to_string() />
                    <Button
                        submit=true
                        variant=ButtonVariant::Quiet
                        pending=state.dismiss.pending()
                        attr:aria-label=dismiss_label
                    >
                        "Dismiss"
                    </Button>
                </ActionForm>
            </div>
            {move || asking.get().then(|| view! { <EndRoleQuestion notice /> })}
        </li>
    }
}

/// The customer, or what else it is about.
pub fn whom(notice: &AttentionView) -> String {
    notice.email.clone().unwrap_or_else(|| {
        if notice.about.is_empty() {
            notice.subject.clone()
        } else {
            notice.about.clone()
        }
    })
}

const fn tone(kind: AttentionKind) -> Tone {
    match kind {
        AttentionKind::Dispute | AttentionKind::BrokenTier | AttentionKind::PaidForNothing => Tone::Danger,
        AttentionKind::UnknownPrice
        | AttentionKind::ZeroItems
        | AttentionKind::ChargedElsewhere
        | AttentionKind::Missing => Tone::Warning,
        AttentionKind::Refund | AttentionKind::PaidTwice => Tone::Info,
    }
}

/// Stripe's word for how a dispute stands, or ours of a refund, for people.
fn standing_label(standing: &str) -> String {
    match standing {
        PARTLY => "a part of it".to_owned(),
        ELSEWHERE => "on a former account".to_owned(),
        "needs_response" | "warning_needs_response" => "waits for your answer".to_owned(),
        "under_review" | "warning_under_review" => "the bank is looking at it".to_owned(),
        "won" => "decided for you".to_owned(),
        "lost" => "decided for the customer".to_owned(),
        "warning_closed" => "closed without a dispute".to_owned(),
        other => other.replace('_', " "),
    }
}
