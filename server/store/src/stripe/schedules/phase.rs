//! A phase of a schedule, made of the one that runs.

use model::Timestamp;
use stripe_billing::subscription_schedule::{
    UpdateSubscriptionSchedulePhases, UpdateSubscriptionSchedulePhasesAutomaticTax,
    UpdateSubscriptionSchedulePhasesDiscounts, UpdateSubscriptionSchedulePhasesEndDate,
    UpdateSubscriptionSchedulePhasesItems, UpdateSubscriptionSchedulePhasesItemsDiscounts,
    UpdateSubscriptionSchedulePhasesProrationBehavior, UpdateSubscriptionSchedulePhasesStartDate,
};
use stripe_shared::{SubscriptionScheduleConfigurationItem, SubscriptionSchedulePhaseConfiguration, TaxRate};

use super::Downgrade;

/// Stripe takes a phase for all of what the subscription is during it, so what the `running` one has besides its price is said
/// again: the fee it was sold with, and the discounts and taxes that the merchant gave it. The payment method is the
/// schedule's own (`default_settings`).
pub(super) fn phase(
    change: &Downgrade<'_>,
    running: Option<&SubscriptionSchedulePhaseConfiguration>,
    price: &str,
    start: Option<i64>,
    end: Option<Timestamp>,
) -> UpdateSubscriptionSchedulePhases {
    let mut phase = UpdateSubscriptionSchedulePhases::new(vec![item(running.and_then(|now| now.items.first()), price)]);
    if let Some(now) = running {
        phase.application_fee_percent = now.application_fee_percent;
        phase.default_tax_rates = ids(now.default_tax_rates.as_deref());
        phase.description.clone_from(&now.description);
        if now.automatic_tax.as_ref().is_some_and(|tax| tax.enabled) {
            phase.automatic_tax = Some(UpdateSubscriptionSchedulePhasesAutomaticTax::new(true));
        }
        let discounts = now.discounts.iter().map(|one| {
            let (discount, promotion_code, coupon) = first_of(
                one.discount.as_ref().map(|it| it.id().to_string()),
                one.promotion_code.as_ref().map(|it| it.id().to_string()),
                one.coupon.as_ref().map(|it| it.id().to_string()),
            );
            UpdateSubscriptionSchedulePhasesDiscounts {
                coupon,
                discount,
                promotion_code,
            }
        });
        phase.discounts = some(discounts.collect());
    }
    phase.start_date = start.map(UpdateSubscriptionSchedulePhasesStartDate::Timestamp);
    phase.end_date = end.map(|end| UpdateSubscriptionSchedulePhasesEndDate::Timestamp(end.timestamp()));
    phase.proration_behavior = Some(UpdateSubscriptionSchedulePhasesProrationBehavior::None);
    phase.metadata = Some(change.metadata.clone());
    phase
}

fn item(running: Option<&SubscriptionScheduleConfigurationItem>, price: &str) -> UpdateSubscriptionSchedulePhasesItems {
    let mut item = UpdateSubscriptionSchedulePhasesItems::new();
    item.price = Some(price.to_owned());
    item.quantity = Some(1);
    if let Some(now) = running {
        item.tax_rates = ids(now.tax_rates.as_deref());
        let discounts = now.discounts.iter().map(|one| {
            let (discount, promotion_code, coupon) = first_of(
                one.discount.as_ref().map(|it| it.id().to_string()),
                one.promotion_code.as_ref().map(|it| it.id().to_string()),
                one.coupon.as_ref().map(|it| it.id().to_string()),
            );
            UpdateSubscriptionSchedulePhasesItemsDiscounts {
                coupon,
                discount,
                promotion_code,
            }
        });
        item.discounts = some(discounts.collect());
    }
    item
}

type Names = (Option<String>, Option<String>, Option<String>);

/// A discount is named once: by itself, which keeps what is left of its time, else by what it was made of.
fn first_of(discount: Option<String>, promotion_code: Option<String>, coupon: Option<String>) -> Names {
    match (discount, promotion_code, coupon) {
        (Some(discount), _, _) => (Some(discount), None, None),
        (None, Some(code), _) => (None, Some(code), None),
        (None, None, coupon) => (None, None, coupon),
    }
}

/// What there is none of is left out: an empty list would be taken for a change.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn ids(rates: Option<&[TaxRate]>) -> Option<Vec<String>> {
    some(rates?.iter().map(|rate| rate.id.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tax_rate(id: &str) -> Value {
        json!({
            "id": id, "object": "tax_rate", "active": true, "created": 0, "display_name": "VAT", "inclusive": true,
            "livemode": false, "percentage": 19.0
        })
    }

    fn running() -> SubscriptionSchedulePhaseConfiguration {
        let phase = json!({
            "add_invoice_items": [], "application_fee_percent": 2.5, "automatic_tax": { "enabled": true },
            "currency": "eur", "default_tax_rates": [tax_rate("txr_1")], "description": "For the choir",
            "discounts": [{ "coupon": "half", "discount": "di_1", "promotion_code": null }],
            "end_date": 200, "start_date": 100, "metadata": {}, "proration_behavior": "none",
            "items": [{
                "price": "price_gold", "plan": "price_gold", "quantity": 1, "metadata": {},
                "tax_rates": [tax_rate("txr_2")],
                "discounts": [{ "coupon": "half", "discount": null, "promotion_code": "promo_1" }]
            }],
        });
        miniserde::json::from_str(&phase.to_string()).expect("a phase")
    }

    fn made(running: Option<&SubscriptionSchedulePhaseConfiguration>) -> Value {
        let change = Downgrade {
            subscription: "sub_1",
            current_price: "price_gold",
            price: "price_silver",
            period_start: Timestamp::UNIX_EPOCH,
            period_end: Timestamp::UNIX_EPOCH,
            metadata: std::collections::HashMap::new(),
        };
        serde_json::to_value(phase(&change, running, "price_silver", None, None)).expect("a value")
    }

    #[test]
    fn what_the_merchant_gave_the_subscription_stays_through_a_change_of_its_price() {
        let made = made(Some(&running()));
        assert_eq!(made["application_fee_percent"], 2.5);
        assert_eq!(made["default_tax_rates"], json!(["txr_1"]));
        assert_eq!(made["description"], "For the choir");
        assert_eq!(made["automatic_tax"]["enabled"], true);
        assert_eq!(made["discounts"], json!([{ "discount": "di_1" }]));
        let item = &made["items"][0];
        assert_eq!(
            (&item["price"], &item["tax_rates"]),
            (&json!("price_silver"), &json!(["txr_2"]))
        );
        assert_eq!(item["discounts"], json!([{ "promotion_code": "promo_1" }]));
    }

    #[test]
    fn what_it_has_not_is_not_said() {
        let mut running = running();
        running.application_fee_percent = None;
        running.automatic_tax = None;
        running.default_tax_rates = None;
        running.description = None;
        running.discounts.clear();
        running.items.clear();
        for made in [made(Some(&running)), made(None)] {
            let said: Vec<&String> = made.as_object().expect("an object").keys().collect();
            assert_eq!(said, ["items", "metadata", "proration_behavior"]);
            assert_eq!(made["items"], json!([{ "price": "price_silver", "quantity": 1 }]));
        }
    }
}
