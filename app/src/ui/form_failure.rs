//! What went wrong with a form as a whole.

use leptos::{prelude::*, server_fn::ServerFn};
use model::Problem;

use super::{ButtonLink, Notice, TakesFocus, Tone, failed::sign_in_and_back};
use crate::error::Failure;

/// The failure of an action's latest run, to pass to a form's fields: `let failure = failure_of(action);`
pub fn failure_of<F>(action: ServerAction<F>) -> Signal<Option<Failure>>
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|result| result.as_ref().and_then(|result| result.as_ref().err().cloned())))
}

/// `<FormFailure failure fields=&["name", "slug"] />`, on top of a form: shows the failure unless it is about one of
/// `fields`, which show it themselves. What pressed the button may be far below: the notice takes the focus, and comes into
/// sight with it.
#[component]
pub fn FormFailure(
    #[prop(into)] failure: Signal<Option<Failure>>,
    #[prop(optional)] fields: &'static [&'static str],
    /// Nobody pressed anything for it: the focus stays where somebody has it.
    #[prop(optional)]
    by_itself: bool,
) -> impl IntoView {
    move || {
        let failure = failure.get()?;
        let sentence = failure.beside(fields)?;
        let reference = failure.reference().map(|reference| {
            view! { <span class="reference">" Reference: " <code>{reference.to_owned()}</code></span> }
        });
        // Signed out meanwhile, in another tab. All of the page is loaded anew: it still thinks that somebody is signed in.
        let sign_in = (failure == Failure::Problem(Problem::SignInNeeded)).then(|| {
            view! {
                <div class="actions">
                    <ButtonLink href=sign_in_and_back() attr:rel="external">
                        "Sign in"
                    </ButtonLink>
                </div>
            }
        });
        Some(view! {
            <TakesFocus when_lost=by_itself>
                <Notice tone=Tone::Danger>{sentence} {reference} {sign_in}</Notice>
            </TakesFocus>
        })
    }
}
