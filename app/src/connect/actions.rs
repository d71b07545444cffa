//! What a merchant can do with the account, by its status.

use leptos::{ev::MouseEvent, form::ActionForm, prelude::*};
use model::{account::AccountStatus, connect::ConnectView};

use super::{disconnect::DISCONNECT, state::use_connect};
use crate::{
    editing::OpenLink,
    ui::{Button, ButtonVariant},
};

/// The one thing to do first, then the others.
#[component]
pub fn ConnectActions(view: StoredValue<ConnectView>) -> impl IntoView {
    let state = use_connect();
    let view = view.get_value();
    let busy = state.popup.is_busy();
    // With the same account everything comes back; another one starts anew.
    let comes_back = view.comes_back();
    let onboard = onboarding_label(&view.status, comes_back, view.asks_for_something()).map(|(label, variant)| {
        // In the click itself, or the browser blocks the window; the form is for browsers without JavaScript.
        let open = move |event: MouseEvent| {
            event.prevent_default();
            state.start_onboarding();
        };
        view! {
            <ActionForm action=state.onboarding_in_tab>
                <input type="hidden" name="community" value=state.community />
                <Button submit=true variant pending=busy on_click=Callback::new(open)>
                    {label}
                </Button>
            </ActionForm>
        }
    });
    let existing = (view.can_connect_existing && !view.status.is_linked()).then(|| {
        let (label, variant) = if comes_back {
            ("Reconnect the same account", ButtonVariant::Primary)
        } else {
            ("Connect an existing account", ButtonVariant::Secondary)
        };
        let open = move |event: MouseEvent| {
            event.prevent_default();
            state.connect_existing();
        };
        view! {
            <ActionForm action=state.existing_in_tab>
                <input type="hidden" name="community" value=state.community />
                <Button submit=true variant pending=busy on_click=Callback::new(open)>
                    {label}
                </Button>
            </ActionForm>
        }
    });
    // What to do first stands first.
    let order = if comes_back {
        view! { {existing} {onboard} }.into_any()
    } else {
        view! { {onboard} {existing} }.into_any()
    };
    view! {
        <div class="actions">
            {order} <ShopSwitch status=view.status.clone() />
            {view
                .status
                .is_linked()
                .then(|| {
                    view! {
                        <Button variant=ButtonVariant::Quiet pending=state.refresh.pending() on_click=Callback::new(move |_| state.ask_stripe())>
                            "Check with Stripe"
                        </Button>
                        <OpenLink form=state.form name=DISCONNECT variant=ButtonVariant::Quiet>
                            "Disconnect"
                        </OpenLink>
                    }
                })}
        </div>
    }
}

/// Pauses or resumes the shop.
#[component]
fn ShopSwitch(status: AccountStatus) -> impl IntoView {
    let state = use_connect();
    match status {
        AccountStatus::Ready { .. } => view! {
            <ActionForm action=state.pause>
                <input type="hidden" name="community" value=state.community />
                <Button submit=true pending=state.pause.pending()>"Pause the store"</Button>
            </ActionForm>
        }
        .into_any(),
        AccountStatus::Paused => view! {
            <ActionForm action=state.resume>
                <input type="hidden" name="community" value=state.community />
                <Button submit=true variant=ButtonVariant::Primary pending=state.resume.pending()>
                    "Resume the store"
                </Button>
            </ActionForm>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

/// What leads to Stripe's onboarding, where there is a reason to go there.
/// `comes_back`: the same account can be connected again by the other button; `asks`: there is something to fill in.
fn onboarding_label(status: &AccountStatus, comes_back: bool, asks: bool) -> Option<(&'static str, ButtonVariant)> {
    match status {
        AccountStatus::Unlinked | AccountStatus::Disconnected if comes_back => {
            Some(("Connect another account", ButtonVariant::Secondary))
        }
        AccountStatus::Unlinked => Some(("Connect Stripe", ButtonVariant::Primary)),
        AccountStatus::Disconnected => Some(("Connect another account", ButtonVariant::Primary)),
        AccountStatus::Incomplete if asks => Some(("Continue onboarding", ButtonVariant::Primary)),
        AccountStatus::Restricted if asks => Some(("Complete what is due", ButtonVariant::Primary)),
        AccountStatus::Ready { due_soon: Some(_) } => Some(("Complete what is due", ButtonVariant::Secondary)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_asked_for_only_while_something_is() {
        for status in [AccountStatus::Restricted, AccountStatus::Incomplete] {
            assert!(onboarding_label(&status, false, true).is_some(), "{status:?}");
            assert!(onboarding_label(&status, false, false).is_none(), "{status:?}");
        }
    }

    #[test]
    fn another_account_is_the_first_thing_to_do_where_the_same_one_cannot_come_back() {
        let variant = |comes_back| onboarding_label(&AccountStatus::Disconnected, comes_back, true);
        assert_eq!(
            variant(true).map(|(_, variant)| variant),
            Some(ButtonVariant::Secondary)
        );
        assert_eq!(variant(false).map(|(_, variant)| variant), Some(ButtonVariant::Primary));
    }
}
