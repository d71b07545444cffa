//! Changing to another tier of a plan the customer is on: a preview of what is charged, then the change.

use leptos::prelude::*;
use model::{
    Problem, Refusal,
    id::TierId,
    interval::Interval,
    purchase::{Outcome, SwitchPreview},
};

use super::{
    calls::{ConfirmSwitch, Subscribe, subscribe},
    purchase::{About, Progress, Purchase},
    switch_wording as wording,
};
use crate::{
    community::{current::CommunityState, latest_notice::LatestNotice},
    error::Failure,
    ui::{ConfirmDialog, FormFailure, Notice, TakesFocus, Tone, failure_of},
};

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct Switch {
    community: CommunityState,
    purchase: Purchase,
    /// Asks what it would mean.
    preview: ServerAction<Subscribe>,
    confirm: ServerAction<ConfirmSwitch>,
    /// The tier pressed last.
    wanted: RwSignal<Option<(About, Interval)>>,
    /// What the dialog shows.
    shown: RwSignal<Option<SwitchPreview>>,
    open: RwSignal<bool>,
    done: LatestNotice,
    /// What is paid in the popup only clears the way: the tier that was wanted comes after it.
    goes_on: RwSignal<bool>,
}

impl Switch {
    pub fn new(community: CommunityState, purchase: Purchase) -> Self {
        let switch = Self {
            community,
            purchase,
            preview: ServerAction::new(),
            confirm: ServerAction::new(),
            wanted: RwSignal::new(None),
            shown: RwSignal::new(None),
            open: RwSignal::new(false),
            done: LatestNotice::new(community),
            goes_on: RwSignal::new(false),
        };
        switch.follow_previews();
        switch.follow_confirmation();
        switch.follow_what_is_paid_first();
        switch
    }

    /// Asks what changing means, and then asks the person in a dialog.
    pub fn preview(self, about: About, interval: Interval) {
        let Some(tier) = about.tier else { return };
        if self.preview.pending().get_untracked() {
            return;
        }
        self.begin(about, interval);
        self.preview.dispatch(Subscribe {
            community: self.community.slug.get_untracked(),
            tier,
            interval,
            popup: self.purchase.id.to_owned(),
        });
    }

    /// Goes to Stripe's page in a popup; call it in the click itself. When there is something to confirm first after
    /// all, the popup closes and the dialog opens.
    pub fn open_popup(self, about: About, interval: Interval) {
        let Some(tier) = about.tier else { return };
        if !self.purchase.popup.is_busy().get_untracked() {
            self.begin(about.clone(), interval);
        }
        let community = self.community.slug.get_untracked();
        let purchase = self.purchase;
        purchase.open(about, async move {
            match subscribe(community, tier, interval, purchase.id.to_owned()).await {
                Ok(Outcome::GoTo { url }) => Ok(url),
                Ok(Outcome::Confirm(preview)) => {
                    purchase.popup.forget();
                    self.show(preview);
                    // Nobody waits for this any more.
                    Err(Failure::Unreadable)
                }
                Err(failure) => {
                    if failure == Failure::Problem(Problem::Refused(Refusal::Confirming)) {
                        purchase.popup.forget();
                        purchase.ask_again();
                    }
                    Err(failure)
                }
            }
        });
    }

    /// To be called right after one of the two above: something else is paid or resumed first, and once that is done, the
    /// preview for this tier follows.
    pub fn then_go_on(self) {
        self.goes_on.set(true);
    }

    pub fn is_previewing(self, tier: TierId, interval: Interval) -> bool {
        self.preview.pending().get() && self.is_about(tier, interval)
    }

    /// The change itself.
    pub const fn confirmation(self) -> ServerAction<ConfirmSwitch> {
        self.confirm
    }

    /// What is asked about by a form, in place of the dialog: what is said afterwards is about this.
    pub fn is_asked(self, preview: SwitchPreview) {
        self.shown.set(Some(preview));
    }

    /// What was done.
    pub const fn done(self) -> LatestNotice {
        self.done
    }

    fn is_about(self, tier: TierId, interval: Interval) -> bool {
        self.wanted.with(|wanted| {
            wanted
                .as_ref()
                .is_some_and(|(about, at)| about.tier == Some(tier) && *at == interval)
        })
    }

    fn begin(self, about: About, interval: Interval) {
        self.preview.clear();
        self.confirm.clear();
        self.community.begins();
        self.goes_on.set(false);
        self.wanted.set(Some((about, interval)));
    }

    fn show(self, preview: SwitchPreview) {
        self.shown.set(Some(preview));
        self.open.set(true);
    }

    fn follow_previews(self) {
        Effect::new(move || match self.preview.value().get() {
            Some(Ok(Outcome::Confirm(preview))) => self.show(preview),
            Some(Ok(Outcome::GoTo { url })) => {
                if let Some((about, _)) = self.wanted.get_untracked() {
                    // The click is long over: most browsers block this window, and a link is offered instead.
                    self.purchase.open(about, async move { Ok(url) });
                }
            }
            Some(Err(_)) | None => {}
        });
    }

    fn follow_confirmation(self) {
        Effect::new(move || match self.confirm.value().get() {
            Some(Ok(())) => {
                self.open.set(false);
                if let Some(shown) = self.shown.get_untracked() {
                    self.done.say(wording::done(&shown));
                }
                self.community.touch();
                self.go_on();
            }
            Some(Err(Failure::Problem(Problem::Refused(Refusal::PriceNotShown)))) => self.look_again(),
            // What could not be paid waits for its payment now, and is shown; anything else says that the page is behind.
            Some(Err(Failure::Problem(_))) => self.community.touch(),
            Some(Err(_)) | None => {}
        });
    }

    /// What was confirmed could not be paid; it is paid elsewhere, and not by confirming it once more.
    fn waits_for_payment(self) -> bool {
        matches!(
            self.confirm.value().get(),
            Some(Err(Failure::Problem(
                Problem::UpgradeWaits(_) | Problem::Refused(Refusal::ResumeNotPaid)
            )))
        )
    }

    fn follow_what_is_paid_first(self) {
        Effect::new(move || {
            if matches!(self.purchase.progress.get(), Progress::Done { .. }) && self.goes_on.get_untracked() {
                // Thanks for the tier that is not there yet would be wrong.
                self.purchase.progress.set(Progress::Idle);
                self.go_on();
            }
        });
    }

    /// What stood in the way is done: on with what was wanted.
    fn go_on(self) {
        if !self.goes_on.get_untracked() {
            return;
        }
        if let Some((about, interval)) = self.wanted.get_untracked() {
            let done = untrack(|| self.done.get());
            self.preview(about, interval);
            if let Some(done) = done {
                self.done.say(done);
            }
        }
    }

    /// The amount changed since it was shown: shows the new one beside the sentence that says so.
    fn look_again(self) {
        if let Some((About { tier: Some(tier), .. }, interval)) = self.wanted.get_untracked() {
            self.preview.dispatch(Subscribe {
                community: self.community.slug.get_untracked(),
                tier,
                interval,
                popup: self.purchase.id.to_owned(),
            });
        }
    }

    fn confirm_shown(self) {
        if let Some(shown) = self.shown.get_untracked() {
            self.confirm.dispatch(ConfirmSwitch {
                community: self.community.slug.get_untracked(),
                tier: shown.to.tier,
                interval: shown.to.interval,
                due_now: shown.due_now.minor,
                priced_at: shown.priced_at.timestamp(),
            });
        }
    }
}

/// The one dialog of a page that asks before a tier is changed, or a paused membership goes on.
#[component]
pub fn SwitchDialog(switch: Switch) -> impl IntoView {
    let text = move |of: fn(&SwitchPreview) -> String| {
        Signal::derive(move || switch.shown.with(|shown| shown.as_ref().map(of).unwrap_or_default()))
    };
    let sentences = move || {
        switch.shown.with(|shown| {
            let sentences = shown.as_ref().map(wording::sentences).unwrap_or_default();
            sentences.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()
        })
    };
    view! {
        <ConfirmDialog
            open=switch.open
            title=text(wording::title)
            confirm=text(wording::confirm)
            pending=switch.confirm.pending()
            settled=Signal::derive(move || switch.waits_for_payment())
            on_confirm=move |()| switch.confirm_shown()
        >
            <div class="stack-tight">{sentences}</div>
            <FormFailure failure=failure_of(switch.confirm) />
        </ConfirmDialog>
    }
}

/// In a tier's card: why there was nothing to confirm, or that it is done.
#[component]
pub fn SwitchOutcome(switch: Switch, tier: TierId, interval: Interval) -> impl IntoView {
    let failure = failure_of(switch.preview);
    let failure = Signal::derive(move || {
        let here = switch.is_about(tier, interval);
        failure.get().filter(|_| here)
    });
    view! { <FormFailure failure /> }
}

/// Above the plans: what was changed.
#[component]
pub fn SwitchDone(switch: Switch) -> impl IntoView {
    let done = switch.done;
    move || {
        done.get().map(|text| {
            view! {
                <TakesFocus>
                    <Notice tone=Tone::Success>{text}</Notice>
                </TakesFocus>
            }
        })
    }
}
