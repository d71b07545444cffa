//! The way between the pages of a long list of members.

use leptos::prelude::*;

use super::members_state::PER_PAGE;
use crate::ui::ButtonLink;

/// Nothing when one page holds them all.
#[component]
pub fn PagesOfMembers(
    /// Counts from 0.
    page: Memo<u64>,
    total: u64,
) -> impl IntoView {
    let pages = total.div_ceil(PER_PAGE);
    (pages > 1).then_some({
        move || {
            let shown = page.get() + 1;
            view! {
                <nav class="row row-between" aria-label="Pages of members">
                    {(shown > 1)
                        .then(|| view! { <ButtonLink href=format!("?page={}", shown - 1)>"Newer members"</ButtonLink> })}
                    <span class="quiet">{format!("Page {shown} of {pages}")}</span>
                    {(shown < pages)
                        .then(|| view! { <ButtonLink href=format!("?page={}", shown + 1)>"Older members"</ButtonLink> })}
                </nav>
            }
        }
    })
}
