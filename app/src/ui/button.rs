//! Buttons, and links that look like them.

use leptos::{ev::MouseEvent, prelude::*};

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// The one thing to do here.
    Primary,
    /// One of several things to do.
    #[default]
    Secondary,
    /// Something on the side.
    Quiet,
    /// Something that takes away.
    Danger,
}

impl ButtonVariant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// `<Button variant=ButtonVariant::Primary submit=true pending>"Save"</Button>`
///
/// While `pending` it shows a spinner, tells assistive technology so, keeps the focus and ignores clicks: a double
/// click submits once. `attr:name`, `attr:value` and the like go to the `<button>`.
///
/// `on_click` and not `on:click`: a handler that is put on a component from outside stays the first one when the component is
/// drawn again (tachys 0.2.19, `AnyViewWithAttrs::rebuild`), and would do what the button said before.
#[component]
pub fn Button(
    #[prop(optional)] variant: ButtonVariant,
    /// Submits the form it is in.
    #[prop(optional)]
    submit: bool,
    /// What it started is still going on.
    #[prop(optional, into)]
    pending: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] on_click: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        if pending.get_untracked() {
            event.prevent_default();
            event.stop_immediate_propagation();
        } else if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=variant.class()
            disabled=disabled
            aria-busy=move || pending.get().then_some("true")
            aria-disabled=move || pending.get().then_some("true")
            on:click=click
        >
            <span class="spinner" aria-hidden="true"></span>
            {children()}
        </button>
    }
}

/// `<ButtonLink href="/sign-in" variant=ButtonVariant::Primary>"Sign in"</ButtonLink>`
#[component]
pub fn ButtonLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] variant: ButtonVariant,
    /// Leads away from this site, into a tab of its own.
    #[prop(optional)]
    new_tab: bool,
    #[prop(optional)] on_click: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    view! {
        <a
            class=variant.class()
            href=href
            on:click=click
            target=new_tab.then_some("_blank")
            rel=new_tab.then_some("external noopener")
        >
            {children()}
        </a>
    }
}
