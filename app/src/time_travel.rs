//! Moving the clock, in fake mode only: a plain form under the page, outside of what the browser's code knows of. The
//! server says by context ([`crate::ssr::DevClock`]) that there is a clock to move, and takes the form at `/dev/clock`.

use chrono::{Duration, Months};
use leptos::prelude::*;
use model::{Timestamp, date};

use crate::ssr;

/// Nothing where time cannot be moved.
#[component]
pub fn TimeTravel() -> impl IntoView {
    let ssr::DevClock(now) = use_context()?;
    let step = |label: &'static str, seconds: i64| {
        view! {
            <button class="button" type="submit" name="advance" value=seconds.to_string()>
                {label}
            </button>
        }
    };
    Some(view! {
        <aside class="time-travel" aria-label="Time travel">
            <link rel="stylesheet" href="/time_travel.css" />
            <details>
                <summary>"Fake mode: time travel"</summary>
                <form method="post" action="/dev/clock">
                    <p>
                        "It is " <time datetime=date::machine(now)>{date::moment(now)}</time>
                        " here and at the fake Stripe. Moving on does what falls due on the way: renewals, retries, ends. There is no way back."
                    </p>
                    <input type="hidden" name="next" value=ssr::page_path() />
                    <p class="actions">
                        {step("+1 hour", Duration::hours(1).num_seconds())}
                        {step("+1 day", Duration::days(1).num_seconds())}
                        {step("+3 days", Duration::days(3).num_seconds())}
                        {step("+1 week", Duration::days(7).num_seconds())}
                        {step("+1 month", month_after(now).num_seconds())}
                    </p>
                </form>
            </details>
            // Moving between pages does not load a new document; the form goes back to where the person is by then.
            <script src="/time_travel.js" defer></script>
        </aside>
    })
}

/// The length of the month that begins now, as people count.
fn month_after(now: Timestamp) -> Duration {
    now.checked_add_months(Months::new(1))
        .map_or(Duration::days(30), |then| then - now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_on_the_same_day_of_the_next_one_or_on_its_last() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        for (from, to) in [
            ("2026-01-15T10:00:00Z", "2026-02-15T10:00:00Z"),
            ("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z"),
        ] {
            assert_eq!(at(from) + month_after(at(from)), at(to), "{from}");
        }
    }
}
