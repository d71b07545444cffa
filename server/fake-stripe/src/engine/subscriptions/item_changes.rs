//! `POST /v1/subscription_items` and `POST /v1/subscription_items/{item}`: updates of the item's subscription.

use serde_json::{Value, json};

use super::{change, endpoints::retrieve_item};
use crate::{
    engine::{Answer, Call, Engine, params::copy},
    error::StripeError,
    fields::Fields,
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let subscription = call.params.text("subscription").to_owned();
    let before = engine
        .find(&call.account, "subscription", &subscription, "subscription")?
        .clone();
    update_subscription(engine, call, &subscription, json!({}))?;
    // Added, or waiting to be.
    let after = engine.view(engine.get(&subscription));
    let is_new = |item: &&Value| {
        let known = before.items("items.data").iter();
        !known.clone().any(|old| old.text("id") == item.text("id"))
    };
    let mut items = after
        .items("items.data")
        .iter()
        .chain(after.items("pending_update.subscription_items"));
    items.rfind(is_new).cloned().ok_or_else(|| {
        // Every update that succeeds has it.
        StripeError::failure("the new item is not on its subscription")
    })
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let item = retrieve_item(engine, call)?;
    update_subscription(engine, call, item.text("subscription"), json!({"id": call.id()}))?;
    retrieve_item(engine, call)
}

fn update_subscription(
    engine: &mut Engine,
    call: &Call,
    subscription: &str,
    mut item: Value,
) -> Result<(), StripeError> {
    copy(
        &mut item,
        &call.params,
        &["price", "price_data", "quantity", "metadata"],
    );
    let mut params = json!({"items": [item]});
    copy(
        &mut params,
        &call.params,
        &["payment_behavior", "proration_behavior", "proration_date"],
    );
    engine.live_by(subscription);
    let update = Call {
        ids: vec![subscription.to_owned()],
        params,
        ..call.clone()
    };
    change::update(engine, &update).map(drop)
}
