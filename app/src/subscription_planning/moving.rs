//! After moving to another Stripe account: creating what is sold there, all of it in one go or a tier at a time.

use leptos::{form::ActionForm, prelude::*, task::spawn_local};
use model::{
    id::TierId,
    planning::{PlanningView, TierView},
};

use super::{
    calls::{OfferOnCurrentAccount, offer_on_current_account},
    state::use_planning,
};
use crate::{
    reading::Reading,
    ui::{Button, ButtonVariant, Notice, Tone},
};

/// Going through the tiers, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    total: usize,
    /// Worked or failed.
    over: usize,
    /// What failed, and why.
    failed: Vec<(String, String)>,
}

impl Run {
    const fn is_over(&self) -> bool {
        self.over == self.total
    }
}

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct Moving {
    community: Signal<String>,
    planning: Reading<PlanningView>,
    /// A single tier.
    pub one: ServerAction<OfferOnCurrentAccount>,
    run: RwSignal<Option<Run>>,
}

impl Moving {
    pub fn new(community: Signal<String>, planning: Reading<PlanningView>) -> Self {
        Self {
            community,
            planning,
            one: ServerAction::new(),
            run: RwSignal::new(None),
        }
    }

    fn is_running(self) -> bool {
        self.run.with(|run| run.as_ref().is_some_and(|run| !run.is_over()))
    }

    /// One call for each tier, in order; a failure does not keep the others. It ends with the page.
    fn start(self, tiers: Vec<(TierId, String)>) {
        if untrack(|| self.is_running()) {
            return;
        }
        self.run.set(Some(Run {
            total: tiers.len(),
            over: 0,
            failed: Vec::new(),
        }));
        let community = self.community.get_untracked();
        spawn_local(async move {
            for (tier, label) in tiers {
                let answer = offer_on_current_account(community.clone(), tier).await;
                let noted = self.run.try_update(|run| {
                    if let Some(run) = run {
                        run.over += 1;
                        run.failed
                            .extend(answer.err().map(|failure| (label, failure.to_string())));
                    }
                });
                if noted.is_none() {
                    return;
                }
            }
            self.planning.refetch();
        });
    }
}

/// What is for sale, but not on the account that is connected now.
fn elsewhere(planning: &PlanningView) -> Vec<(TierId, String)> {
    if !planning.status.is_linked() {
        return Vec::new();
    }
    planning
        .plans
        .iter()
        .filter(|plan| !plan.archived)
        .flat_map(|plan| plan.tiers.iter().map(move |tier| (plan, tier)))
        .filter(|(_, tier)| tier.active && !tier.on_current_account)
        .map(|(plan, tier)| (tier.id, [&plan.label, ": ", &tier.label].concat()))
        .collect()
}

/// As a text: with scripts a browser makes no elements of what is inside, and hydration would miss them.
const MOVING_NEEDS_SCRIPT: &str =
    "<p class=\"small\">This button needs JavaScript. Without it, create each tier by the button beside it.</p>";

/// Above the plans, while something of them is not on the account that is connected now.
#[component]
pub fn MoveAll(planning: StoredValue<PlanningView>) -> impl IntoView {
    let moving = use_planning().moving;
    let tiers = planning.with_value(elsewhere);
    let count = tiers.len();
    (count > 0).then(|| {
        let what = if count == 1 {
            "1 tier that you sell is".to_owned()
        } else {
            format!("{count} tiers that you sell are")
        };
        let pending = Signal::derive(move || moving.is_running());
        view! {
            <Notice tone=Tone::Warning title="Your plans are not on this Stripe account yet".to_owned()>
                <p>
                    {what}
                    " not on the account that is connected now, so nobody can subscribe to them. Create them there at the prices they had. Members of the former account keep what they paid for, and subscribe anew."
                </p>
                <div class="actions">
                    <Button
                        variant=ButtonVariant::Primary
                        pending
                        on_click=Callback::new(move |_| moving.start(tiers.clone()))
                    >
                        "Create plans and tiers there"
                    </Button>
                </div>
                <noscript inner_html=MOVING_NEEDS_SCRIPT></noscript>
            </Notice>
        }
    })
}

/// How far it is, and what failed.
#[component]
pub fn MoveProgress() -> impl IntoView {
    let moving = use_planning().moving;
    move || {
        moving.run.get().map(|run| {
            let Run { total, over, failed } = run.clone();
            if !run.is_over() {
                return view! {
                    <div class="popup-progress" role="status">
                        <label for="move-progress">{format!("Creating tiers at Stripe: {over} of {total}")}</label>
                        <progress id="move-progress" max=total.to_string() value=over.to_string()></progress>
                    </div>
                }
                .into_any();
            }
            if failed.is_empty() {
                let text = match total {
                    1 => "The tier is created on the account that is connected now.".to_owned(),
                    _ => format!("All {total} tiers are created on the account that is connected now."),
                };
                return view! { <Notice tone=Tone::Success>{text}</Notice> }.into_any();
            }
            let title = format!(
                "{} of {total} tiers were created. These were not:",
                total - failed.len()
            );
            let lines = failed
                .into_iter()
                .map(|(label, why)| view! { <li><strong>{label}</strong> " " {why}</li> })
                .collect_view();
            view! {
                <Notice tone=Tone::Danger title>
                    <ul class="privilege-list">{lines}</ul>
                </Notice>
            }
            .into_any()
        })
    }
}

/// On a tier's card, when it is not on the account that is connected now.
#[component]
pub fn MoveOne(tier: StoredValue<TierView>) -> impl IntoView {
    let state = use_planning();
    let (id, label) = tier.with_value(|tier| (tier.id, tier.label.clone()));
    let action = state.moving.one;
    let pending = action.pending();
    view! {
        <Notice tone=Tone::Warning>
            <p>"It is not on the Stripe account that is connected now, so nobody can subscribe to it."</p>
            <ActionForm action>
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="tier_id" value=id.to_string() />
                <div class="actions">
                    <Button submit=true pending attr:aria-label=format!("Create {label} there")>
                        "Create it there"
                    </Button>
                </div>
            </ActionForm>
        </Notice>
    }
}
