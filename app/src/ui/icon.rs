//! The few icons, drawn inline so that they take the text's colour and need no request.

use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconName {
    Lock,
    Unlock,
    Check,
    Info,
    Warning,
    Plus,
    ExternalLink,
    Card,
    Person,
}

impl IconName {
    /// The outline in a 24 by 24 box.
    const fn path(self) -> &'static str {
        match self {
            Self::Lock => "M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
            Self::Unlock => "M6 11h12v9H6zM8.5 11V7a3.5 3.5 0 0 1 6.7-1.4",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.5v.01",
            Self::Warning => "M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.01",
            Self::Plus => "M12 5v14M5 12h14",
            Self::ExternalLink => "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
            Self::Card => "M3 6h18v12H3zM3 10h18",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
        }
    }
}

/// `<Icon name=IconName::Lock />`; with `label` it is read out, without it is decoration.
#[component]
pub fn Icon(name: IconName, #[prop(optional)] label: Option<&'static str>) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            role=label.map(|_| "img")
            aria-label=label
            aria-hidden=label.is_none().then_some("true")
        >
            <path d=name.path() />
        </svg>
    }
}
