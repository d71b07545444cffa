//! `POST /v1/subscriptions/{id}`: what may be changed when, and what the subscription would become.

use serde_json::Value;

use super::{
    beginning::check_trial_end,
    ending::{cut_short, is_about_end},
    endpoints::fee,
    items::WantedItem,
    prorate,
    renew::set_period,
};
use crate::{
    engine::{Answer, Call, Engine, params::copy, prices},
    error::StripeError,
    fields::{Fields, merge_metadata},
};

/// All that may be sent along with `payment_behavior=pending_if_incomplete`.
const PENDING_TAKES: [&str; 11] = [
    "items",
    "proration_behavior",
    "proration_date",
    "billing_cycle_anchor",
    "trial_end",
    "trial_from_plan",
    "add_invoice_items",
    "metadata",
    "cancel_at_period_end",
    "expand",
    "payment_behavior",
];

/// Parameters that change what is billed.
const BILLED: [&str; 3] = ["items", "trial_end", "billing_cycle_anchor"];

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let before = engine.find(&call.account, "subscription", &id, "id")?.clone();
    let params = &call.params;
    check(&before, params)?;
    if let Some(method) = params
        .some_text("default_payment_method")
        .filter(|method| !method.is_empty())
    {
        engine.check_method(&call.account, before.text("customer"), method, "default_payment_method")?;
    }
    let (waiting, wanted) = (
        before.at("pending_update.cancel_at_period_end").as_bool(),
        params.at("cancel_at_period_end").as_bool(),
    );
    let before = if waiting.is_some() && wanted.is_some() && waiting != wanted {
        // https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation
        engine.expire_pending_update(&id);
        engine.get(&id).clone()
    } else {
        before
    };
    if params.flag("cancel_at_period_end") && engine.period_of(&id).1 <= engine.now() {
        // Nothing is left of its last period: it is paused, or has no items.
        engine.end_as_planned(&id);
        return Ok(engine.get(&id).clone());
    }
    let changed = engine.changed(&call.account, &before, params)?;
    engine.put_change(&id, &before, changed, params)?;
    Ok(engine.get(&id).clone())
}

fn check(subscription: &Value, params: &Value) -> Result<(), StripeError> {
    let given = |names: &[&str]| {
        params
            .as_object()
            .is_some_and(|map| map.keys().any(|key| !names.contains(&key.as_str())))
    };
    match subscription.text("status") {
        "canceled" | "incomplete_expired" if given(&["cancellation_details", "metadata", "expand"]) => {
            return Err(StripeError::invalid(
                "A canceled subscription can only update its cancellation_details and metadata.",
            )
            .param("id"));
        }
        "incomplete" if given(&["metadata", "default_source", "default_payment_method", "expand"]) => {
            let status = "incomplete";
            return Err(StripeError::invalid(format!(
                "You cannot update a subscription in `{status}` status in a way that results in an invoice or proration. Only the default \
                 payment method (default_source/default_payment_method) and metadata can be updated on subscriptions in an `incomplete` status."
            )));
        }
        _ => {}
    }
    if subscription.text("status") == "paused" && params.has("trial_end") {
        return Err(StripeError::invalid(
            "You cannot set `trial_end` while a subscription is paused. Resume it first.",
        )
        .param("trial_end"));
    }
    if params.text("payment_behavior") == "pending_if_incomplete" {
        let refused = params
            .as_object()
            .into_iter()
            .flat_map(|map| map.keys())
            .find(|key| !PENDING_TAKES.contains(&key.as_str()));
        if let Some(refused) = refused {
            return Err(StripeError::invalid(format!(
                "`{refused}` cannot be used with `payment_behavior` set to `pending_if_incomplete`. Only these attributes can be updated: {}.",
                PENDING_TAKES.join(", ")
            ))
            .param(refused));
        }
    }
    if subscription.has("schedule")
        && ["cancel_at", "cancel_at_period_end"]
            .iter()
            .any(|name| params.get(*name).is_some())
    {
        let schedule = subscription.text("schedule");
        return Err(StripeError::invalid(format!(
            "The subscription is managed by the subscription schedule `{schedule}`, and updating any cancelation behavior directly is not \
             allowed. Please update the schedule instead."
        )));
    }
    if subscription.has("pending_update") && BILLED.iter().any(|name| params.has(name)) {
        return Err(StripeError::invalid(
            "This subscription has a pending update. Pay or void its invoice before you change what is billed.",
        )
        .code("subscription_pending_update"));
    }
    Ok(())
}

/// What a subscription would become.
pub struct Changed {
    pub object: Value,
    pub new_period: bool,
    pub prorate: bool,
    pub invoice_now: bool,
}

impl Engine {
    /// The subscription with a request's changes, not yet put in place.
    pub fn changed(&mut self, account: &str, before: &Value, params: &Value) -> Result<Changed, StripeError> {
        let now = self.now();
        let id = before.text("id");
        let mut object = before.clone();
        copy(
            &mut object,
            params,
            &["default_payment_method", "description", "days_until_due"],
        );
        if let Some(fee) = fee(account, params, "application_fee_percent")? {
            object.put("application_fee_percent", fee);
        } else if params.text("application_fee_percent").is_empty() && params.get("application_fee_percent").is_some() {
            object.put("application_fee_percent", Value::Null);
        }
        if let Some(save) = params.some_text("payment_settings.save_default_payment_method") {
            object.put("payment_settings.save_default_payment_method", save);
        }
        if let Some(behavior) = params.some_text("trial_settings.end_behavior.missing_payment_method") {
            object.put("trial_settings.end_behavior.missing_payment_method", behavior);
        }
        merge_metadata(&mut object, params.at("metadata"));
        if params.has("items") {
            self.change_items(account, id, &mut object, params.items("items"))?;
        }
        let period = self.period_of(id);
        if let Some(date) = params.some_int("proration_date")
            && !(period.0..=period.1).contains(&date)
        {
            return Err(
                StripeError::invalid("Cannot specify proration_date outside of current subscription period.")
                    .param("proration_date"),
            );
        }
        let price = |object: &Value| {
            object
                .items("items.data")
                .first()
                .map_or("", |item| item.text("price.id"))
                .to_owned()
        };
        let (old, new) = (self.interval_of(&price(before)), self.interval_of(&price(&object)));
        let trialing = before.text("status") == "trialing";
        let ends_trial = trialing && params.text("trial_end") == "now";
        let resets = params.text("billing_cycle_anchor.type") == "now";
        let first_again = before.items("items.data").is_empty() && params.has("items");
        let bills = !trialing && before.text("status") != "paused";
        let mut new_period = (bills && (old != new || resets || first_again)) || ends_trial;
        if ends_trial {
            object.put("trial_end", now);
            object.put("status", "active");
        } else if let Some(end) = params.some_int("trial_end") {
            let from = before.int("billing_cycle_anchor").max(now);
            check_trial_end(end, now, from, "trial_end")?;
            object.put("trial_end", end);
            object.put("billing_cycle_anchor", end);
            if !trialing {
                object.put("trial_start", now);
            }
            object.put("status", "trialing");
            let start = if trialing { period.0 } else { now };
            set_period(&mut object, start, end);
            new_period = !trialing;
        }
        if new_period && object.text("status") != "trialing" {
            object.put("billing_cycle_anchor", now);
            set_period(&mut object, now, new.next_boundary(now, now));
        }
        let behavior = params.some_text("proration_behavior").unwrap_or("create_prorations");
        let prorate = behavior != "none";
        self.plan_end(&mut object, params)?;
        self.end_with_period(&mut object);
        if new_period || is_about_end(params) {
            self.fit_period(&mut object, prorate || new_period);
        }
        Ok(Changed {
            object,
            new_period,
            prorate,
            invoice_now: behavior == "always_invoice",
        })
    }

    /// Ends the current period with the planned end that it contains, or lets it last when there is none any more. Without
    /// prorations it is not made shorter: it was billed to its end, and no end before that gives anything back.
    fn fit_period(&self, object: &mut Value, shorten: bool) {
        if !matches!(object.text("status"), "active" | "past_due" | "unpaid") || object.has("pending_update") {
            return;
        }
        let (start, end) = prorate::period(object);
        let wanted = cut_short(object, self.full_period(object)).1;
        if wanted > end || (wanted < end && shorten) {
            set_period(object, start, wanted);
        }
    }

    /// `items` of an update: with an id an item is changed or removed, without one it is added.
    fn change_items(
        &mut self,
        account: &str,
        id: &str,
        object: &mut Value,
        given: &[Value],
    ) -> Result<(), StripeError> {
        let period = self.period_for_new_items(id);
        let mut items = object.items("items.data").to_vec();
        for (number, change) in given.iter().enumerate() {
            let price = if change.has("price_data") {
                let made = Call {
                    account: account.to_owned(),
                    params: change.at("price_data").clone(),
                    ..Call::default()
                };
                Some(prices::create(self, &made)?.text("id").to_owned())
            } else {
                change.some_text("price").map(str::to_owned)
            };
            if let Some(price) = &price {
                let param = format!("items[{number}][price]");
                if !self.find(account, "price", price, &param)?.flag("active") {
                    return Err(StripeError::invalid(
                        "The price specified is inactive. This field only accepts active prices.",
                    )
                    .param(&param));
                }
            }
            let Some(item) = change.some_text("id") else {
                let price = price.ok_or_else(|| StripeError::missing_param(&format!("items[{number}][price]")))?;
                let quantity = change.some_int("quantity").unwrap_or(1);
                items.push(self.new_item(
                    id,
                    &WantedItem {
                        price,
                        quantity,
                        metadata: change.at("metadata").clone(),
                    },
                    period,
                ));
                continue;
            };
            let at = items.iter().position(|known| known.text("id") == item);
            let at = at.ok_or_else(|| {
                StripeError::missing("subscription item", item, &format!("items[{number}][id]")).status(400)
            })?;
            if change.flag("deleted") {
                items.remove(at);
                continue;
            }
            let Some(known) = items.get_mut(at) else { continue };
            if let Some(price) = &price {
                known.put("price", self.get(price).clone());
            }
            if let Some(quantity) = change.some_int("quantity") {
                known.put("quantity", quantity);
            }
            merge_metadata(known, change.at("metadata"));
        }
        if items.is_empty() {
            return Err(StripeError::invalid(
                "A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint on the subscription.",
            ));
        }
        let wanted: Vec<WantedItem> = items
            .iter()
            .map(|item| WantedItem {
                price: item.text("price.id").to_owned(),
                quantity: item.int("quantity"),
                metadata: Value::Null,
            })
            .collect();
        let unchanged = |item: &WantedItem| {
            object
                .items("items.data")
                .iter()
                .any(|old| old.text("price.id") == item.price)
        };
        if !wanted.iter().all(unchanged) {
            self.check_changed_items(account, &wanted, object)?;
        }
        self.check_together(&wanted)?;
        object.put("items.data", items);
        Ok(())
    }

    /// Items of one subscription have different prices of one interval, and cost together no more than can be charged.
    fn check_together(&self, wanted: &[WantedItem]) -> Result<(), StripeError> {
        let interval = wanted.first().map(|item| self.interval_of(&item.price));
        for (number, item) in wanted.iter().enumerate() {
            if wanted.iter().take(number).any(|other| other.price == item.price) {
                let message = format!(
                    "Cannot add multiple subscription items with the same price: {}.",
                    item.price
                );
                return Err(StripeError::invalid(message).param("items"));
            }
            if Some(self.interval_of(&item.price)) != interval {
                return Err(StripeError::invalid(
                    "Currently, all prices on a subscription must have the same `recurring.interval` and `recurring.interval_count` \
                     (fake-stripe does not mix intervals).",
                )
                .param("items"));
            }
        }
        self.check_amount(wanted.iter().map(|item| (item.price.as_str(), item.quantity)), "items")
    }

    /// As for a new subscription, but prices that are there already may be inactive, and the currency stays.
    fn check_changed_items(&self, account: &str, wanted: &[WantedItem], object: &Value) -> Result<(), StripeError> {
        let is_old = |item: &&WantedItem| {
            object
                .items("items.data")
                .iter()
                .any(|old| old.text("price.id") == item.price)
        };
        let fresh: Vec<WantedItem> = wanted.iter().filter(|item| !is_old(item)).cloned().collect();
        let currency = self.check_items(account, &fresh)?;
        if currency != object.text("currency") {
            return Err(StripeError::invalid(format!(
                "The price specified only supports `{currency}`. This doesn't match the expected currency: `{}`.",
                object.text("currency")
            ))
            .param("items"));
        }
        Ok(())
    }
}
