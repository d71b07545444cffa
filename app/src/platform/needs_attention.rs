//! The jobs that need a person, with what was said of them last.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use model::{
    Problem,
    platform::{PlatformView, StuckJob},
};

use super::calls::{self, RetryJob};
use crate::{
    editing::{Changes, Said, provide_refusal, use_open_form},
    error::Failure,
    reading::reading,
    ui::{Button, Card, EmptyState, FormFailure, Loaded, Moment, PageHeader, failure_of},
};

#[component]
pub fn PlatformQueue() -> impl IntoView {
    provide_refusal();
    let queue = reading(|| (), |()| calls::platform());
    let retry = ServerAction::<RetryJob>::new();
    let changes = Changes::new(use_open_form());
    changes.follow(retry, "It is being tried again.", move || queue.refetch());
    // Others are told that there is no such page.
    let header = move || {
        let theirs = !matches!(queue.get()?, Err(Failure::Problem(Problem::NotFound { .. })));
        theirs.then(|| {
            view! {
                <Title text="Platform" />
                <PageHeader title="Platform" lead="What the store works on behind its pages, and what of it needs you." />
            }
        })
    };
    view! {
        <Transition>{header}</Transition>
        <FormFailure failure=failure_of(retry) />
        <Said changes />
        <Loaded resource=queue label="Loading the queue" let:view>
            <Queue view retry />
        </Loaded>
    }
}

#[component]
fn Queue(view: PlatformView, retry: ServerAction<RetryJob>) -> impl IntoView {
    let waiting = match view.waiting {
        0 => "Nothing waits to be worked.".to_owned(),
        1 => "One job waits to be worked.".to_owned(),
        count => format!("{count} jobs wait to be worked."),
    };
    let stuck = if view.stuck.is_empty() {
        view! { <EmptyState title="Nothing needs attention" text="What fails for a day is listed here, with its error." /> }
            .into_any()
    } else {
        let jobs = view
            .stuck
            .into_iter()
            .map(|job| view! { <StuckLine job retry /> })
            .collect_view();
        view! {
            <Card title="Needs attention".to_owned()>
                <ul class="list">{jobs}</ul>
            </Card>
        }
        .into_any()
    };
    view! {
        <p class="quiet">{waiting}</p>
        {stuck}
    }
}

#[component]
fn StuckLine(job: StuckJob, retry: ServerAction<RetryJob>) -> impl IntoView {
    let label = ["Try again: ", &job.subject].concat();
    let event = job.event.map(|event| view! { <code class="breakable">{event}</code> });
    let attempts = format!("{} attempts", job.attempts);
    view! {
        <li class="attention">
            <p class="row row-between">
                <span class="row">
                    <strong>{job.kind.replace('_', " ")}</strong>
                    <code class="breakable">{job.subject}</code>
                    {event}
                </span>
                <span class="small quiet">"since " <Moment at=job.since /> ", " {attempts}</span>
            </p>
            <p class="quiet breakable">{job.last_error}</p>
            <ActionForm action=retry>
                <input type="hidden" name="job" value=job.id.to_string() />
                <Button submit=true pending=retry.pending() attr:aria-label=label>
                    "Try again"
                </Button>
            </ActionForm>
        </li>
    }
}
