//! The question before another tier, or going on after a pause, where the address asks it: that is how it is asked without
//! JavaScript. With it, a dialog asks where the button is (`subscription_catalog::switch`).

use leptos::{form::ActionForm, prelude::*};
use model::{Problem, Refusal, id::TierId, interval::Interval, purchase::SwitchPreview};

use super::state::MembershipState;
use crate::{
    editing::{FormButtons, Question},
    error::Failure,
    loaded_live::latest,
    reading::reading,
    subscription_catalog::{calls::preview_switch, switch_wording as wording},
    ui::{FormFailure, Notice, Tone, failure_of},
};

/// The question's name in the address.
const SWITCH: &str = "switch";

/// Where it is asked about this tier at this interval.
#[cfg(feature = "ssr")]
pub fn switch_path(community: &str, tier: TierId, interval: Interval) -> String {
    let interval = interval.as_str();
    format!("/c/{community}/membership?form={SWITCH}&id={tier}-{interval}")
}

/// What an address made by [`switch_path`] asks about.
fn wanted(id: &str) -> Option<(TierId, Interval)> {
    let (tier, interval) = id.rsplit_once('-')?;
    Some((tier.parse().ok()?, Interval::parse(interval)?))
}

/// Says what the change will do, and does it; nothing while the address does not ask.
#[component]
pub fn SwitchQuestion() -> impl IntoView {
    let open = MembershipState::of_context().changes.form.current();
    let asked = Memo::new(move |_| {
        let (_, id) = open.get().filter(|(form, _)| form == SWITCH)?;
        wanted(&id)
    });
    move || asked.get().map(|(tier, interval)| view! { <Asked tier interval /> })
}

#[component]
fn Asked(tier: TierId, interval: Interval) -> impl IntoView {
    let state = MembershipState::of_context();
    let slug = state.community.slug;
    let failure = failure_of(state.switch.confirmation());
    let preview = reading(
        move || (slug.get(), tier, interval),
        |(slug, tier, interval)| preview_switch(slug, tier, interval),
    );
    Effect::new(move || {
        // The sentence says to look at the new amount.
        if failure.get() == Some(Failure::Problem(Problem::Refused(Refusal::PriceNotShown))) {
            preview.refetch();
        }
    });
    let content = move || {
        let latest = latest(preview);
        move || {
            latest.get().map(|result| match result {
                Ok(preview) => view! { <Answer preview /> }.into_any(),
                // The page below says so.
                Err(Failure::Problem(Problem::SignInNeeded)) => ().into_any(),
                Err(unasked) => {
                    // What was tried says more about it than why it cannot be asked again.
                    let sentence = move || failure.get().is_none().then(|| unasked.to_string());
                    view! {
                        <FormFailure failure />
                        {move || sentence().map(|text| view! { <Notice tone=Tone::Warning>{text}</Notice> })}
                    }
                    .into_any()
                }
            })
        }
    };
    view! { <Transition fallback=|| ()>{content()}</Transition> }
}

#[component]
fn Answer(preview: SwitchPreview) -> impl IntoView {
    let MembershipState {
        community,
        changes,
        switch,
        ..
    } = MembershipState::of_context();
    let confirmation = switch.confirmation();
    let sentences = wording::sentences(&preview)
        .into_iter()
        .map(|text| view! { <p>{text}</p> })
        .collect_view();
    let (title, confirm) = (wording::title(&preview), wording::confirm(&preview));
    let (to, due_now, priced_at) = (preview.to, preview.due_now.minor, preview.priced_at.timestamp());
    Effect::new(move || switch.is_asked(preview.clone()));
    view! {
        <Question form=changes.form title>
            {sentences}
            <FormFailure failure=failure_of(confirmation) />
            <ActionForm action=confirmation>
                <input type="hidden" name="community" value=community.slug />
                <input type="hidden" name="tier" value=to.tier.to_string() />
                <input type="hidden" name="interval" value=to.interval.as_str() />
                <input type="hidden" name="due_now" value=due_now.to_string() />
                <input type="hidden" name="priced_at" value=priced_at.to_string() />
                <FormButtons
                    form=changes.form
                    submit=confirm
                    cancel="Keep it as it is"
                    pending=confirmation.pending()
                />
            </ActionForm>
        </Question>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_tier_and_how_often_it_is_paid() {
        let tier: TierId = "0190c9f4-7b1e-7000-8000-000000000001".parse().expect("an id");
        for interval in Interval::ALL {
            let path = switch_path("club", tier, interval);
            let (_, id) = path.split_once("&id=").expect("an id");
            assert_eq!(wanted(id), Some((tier, interval)), "{path}");
        }
        for id in [
            "",
            "month",
            "x-month",
            "0190c9f4-7b1e-7000-8000-000000000001",
            "0190c9f4-7b1e-7000-8000-000000000001-week",
        ] {
            assert_eq!(wanted(id), None, "{id}");
        }
    }
}
