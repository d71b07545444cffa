//! Whether what is being drawn is the page that the server answered with, or one that the browser went on to by itself.

/// While the browser takes the page over.
#[cfg(feature = "hydrate")]
pub fn is_first_page() -> bool {
    leptos::prelude::Owner::current_shared_context().is_some_and(|page| page.during_hydration())
}

/// The server draws no others.
#[cfg(not(feature = "hydrate"))]
pub fn is_first_page() -> bool {
    true
}
