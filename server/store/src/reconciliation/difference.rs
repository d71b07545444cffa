//! What of a subscription's row is another at Stripe, in words.

use crate::{entity::subscription, error::Result, letters::open_invoice};

/// What of a known subscription is another at Stripe; `expected` is the row as it would be written now. Each column is named
/// here, so that none can be forgotten.
pub(super) fn difference(row: &subscription::Model, expected: &subscription::Model) -> Result<Option<String>> {
    let subscription::Model {
        status,
        tier_id,
        price_id,
        item_id,
        item_count,
        stripe_created,
        period_start,
        period_end,
        trial_end,
        cancel_at_period_end,
        cancel_at,
        first_failed_at,
        schedule_id,
        pending_price_id,
        pending_at,
        unpaid_price_id,
        unpaid_until,
        latest_invoice,
        open_invoice: _,
        replaced_by,
        card_id,
        // Whose it is never changes; the page to pay on has an address that may; the rest is about the row itself.
        id: _,
        community_id: _,
        connection_id: _,
        user_id: _,
        plan_id: _,
        stripe_id: _,
        pay_url: _,
        revision: _,
        updated_at: _,
    } = expected;
    let mut differs = Vec::new();
    let mut compare = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            differs.push(format!("{what} is {theirs}, not {ours}"));
        }
    };
    let moment = |at: Option<model::Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let ours = |id: Option<uuid::Uuid>| id.map_or_else(|| "none of ours".to_owned(), |id| id.to_string());
    compare("the status", row.status.clone(), status.clone());
    compare("the tier", ours(row.tier_id), ours(*tier_id));
    compare("the price", ours(row.price_id), ours(*price_id));
    compare("the item", row.item_id.clone(), item_id.clone());
    compare(
        "the number of items",
        row.item_count.to_string(),
        item_count.to_string(),
    );
    compare(
        "its beginning",
        row.stripe_created.to_rfc3339(),
        stripe_created.to_rfc3339(),
    );
    compare(
        "the period's start",
        row.period_start.to_rfc3339(),
        period_start.to_rfc3339(),
    );
    compare("the period's end", row.period_end.to_rfc3339(), period_end.to_rfc3339());
    compare("the trial's end", moment(row.trial_end), moment(*trial_end));
    compare(
        "ending with its period",
        row.cancel_at_period_end.to_string(),
        cancel_at_period_end.to_string(),
    );
    compare("the end", moment(row.cancel_at), moment(*cancel_at));
    compare(
        "the first failure",
        moment(row.first_failed_at),
        moment(*first_failed_at),
    );
    compare("the schedule", or_none(&row.schedule_id), or_none(schedule_id));
    compare("the price to come", ours(row.pending_price_id), ours(*pending_price_id));
    compare("when it comes", moment(row.pending_at), moment(*pending_at));
    compare(
        "the price not paid yet",
        ours(row.unpaid_price_id),
        ours(*unpaid_price_id),
    );
    compare("until when it waits", moment(row.unpaid_until), moment(*unpaid_until));
    compare(
        "the latest invoice",
        or_none(&row.latest_invoice),
        or_none(latest_invoice),
    );
    compare("what replaced it", or_none(&row.replaced_by), or_none(replaced_by));
    compare("the card", or_none(&row.card_id), or_none(card_id));
    if open_invoice(row)? != open_invoice(expected)? {
        differs.push("what is to be paid is something else".to_owned());
    }
    Ok((!differs.is_empty()).then(|| differs.join("; ")))
}
