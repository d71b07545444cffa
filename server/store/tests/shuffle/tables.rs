//! What is projected, without what differs by nature: our own ids, when a row was written, and letters about what was so for
//! a while only.

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, JsonValue, Statement};
use store::Store;

/// Each table's rows, as text, in an order of Stripe's.
pub type Tables = Vec<(&'static str, Vec<String>)>;

const PROJECTIONS: [(&str, &str); 5] = [
    (
        "subscription",
        "SELECT stripe_id, user_id, plan_id, status, tier_id, price_id, item_id, item_count, stripe_created, period_start, \
         period_end, trial_end, cancel_at_period_end, cancel_at, first_failed_at, schedule_id, pending_price_id, \
         pending_at, unpaid_price_id, unpaid_until, latest_invoice, open_invoice, pay_url, replaced_by \
         FROM subscription ORDER BY stripe_id",
    ),
    (
        "grant",
        "SELECT s.stripe_id, g.user_id, g.role_id, g.starts_at, g.ends_at, g.source FROM \"grant\" g \
         LEFT JOIN subscription s ON s.id = g.subscription_id ORDER BY s.stripe_id, g.user_id, g.role_id",
    ),
    (
        "attention",
        "SELECT a.kind, a.subject, a.user_id, s.stripe_id, a.amount, a.currency, a.standing FROM attention a \
         LEFT JOIN subscription s ON s.id = a.subscription_id ORDER BY a.kind, a.subject",
    ),
    (
        "letters about how disputes stand",
        "SELECT a.subject, a.standing, l.recipient, l.subject AS about FROM attention a \
         LEFT JOIN letter l ON l.key = 'dispute:' || a.subject || ':' || a.standing \
         WHERE a.kind = 'dispute' ORDER BY a.subject",
    ),
    (
        "customer",
        "SELECT user_id, stripe_id, cards FROM customer ORDER BY stripe_id",
    ),
];

/// Everything that only a reading of Stripe gives.
const FORGET: [&str; 7] = [
    "DELETE FROM attention",
    "DELETE FROM letter",
    "DELETE FROM \"grant\" WHERE source = 'subscription'",
    "DELETE FROM subscription",
    "DELETE FROM webhook_event",
    "DELETE FROM job",
    "UPDATE customer SET cards = NULL",
];

pub async fn dump(store: &Store) -> Tables {
    let db: &DatabaseConnection = store.database().write();
    let mut tables = Vec::new();
    for (name, sql) in PROJECTIONS {
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let rows = JsonValue::find_by_statement(statement).all(db).await.expect(name);
        tables.push((name, rows.iter().map(ToString::to_string).collect()));
    }
    tables
}

pub async fn forget(store: &Store) {
    for sql in FORGET {
        store.database().write().execute_unprepared(sql).await.expect(sql);
    }
}

#[track_caller]
pub fn assert_equal(expected: &Tables, found: &Tables, when: &str) {
    for ((name, expected), (_, found)) in expected.iter().zip(found) {
        let missing: Vec<_> = expected.iter().filter(|row| !found.contains(row)).collect();
        let surplus: Vec<_> = found.iter().filter(|row| !expected.contains(row)).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{name}: in order there is\n{missing:#?}\nbut otherwise\n{surplus:#?}\n{when}"
        );
    }
}
