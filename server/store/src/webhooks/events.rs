//! The types of events that the webhook endpoint at Stripe has to send.

/// README's list (“Go live”) and `server webhook-events` are this one.
pub const EVENT_TYPES: [&str; 42] = [
    "account.updated",
    "account.application.authorized",
    "account.application.deauthorized",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.updated",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "customer.subscription.trial_will_end",
    "subscription_schedule.created",
    "subscription_schedule.updated",
    "subscription_schedule.released",
    "subscription_schedule.canceled",
    "subscription_schedule.completed",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.updated",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "payment_method.automatically_updated",
    "charge.refunded",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "product.updated",
    "product.deleted",
    "price.created",
    "price.updated",
    "price.deleted",
];

#[cfg(test)]
mod tests {
    use super::EVENT_TYPES;

    #[test]
    fn the_readme_lists_each_of_them() {
        let readme = include_str!("../../../../README.md");
        let (_, list) = readme.split_once("for these events:").expect("the list");
        let (list, _) = list.split_once("signing secret").expect("its end");
        for kind in EVENT_TYPES {
            assert!(list.contains(&format!("`{kind}`")), "{kind}");
        }
        assert_eq!(
            list.matches(", ").count() + list.matches(",\n").count() + 1,
            EVENT_TYPES.len()
        );
    }
}
