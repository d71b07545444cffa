//! What a member is told while a payment is open, on the page and by letter: what is true for them, and no more.

use chrono::Duration;
use model::{
    Problem,
    card::paying,
    interval::Interval::{Month, Year},
    membership::MembershipView,
};
use serde_json::json;
use store::Error;

use crate::member::Member;

/// The card pays once, and then no more.
const FAILS_LATER: &str = "4000000000000341";
/// Pays.
const ANOTHER: &str = "5555555555554444";

/// Ada's renewal was declined a moment ago.
async fn owing() -> Member {
    let member = Member::of_with_card("Bronze", &[("Bronze", "9", "90")], FAILS_LATER).await;
    member.world.pass(Duration::days(31) + Duration::hours(2)).await;
    member
}

async fn membership(member: &Member) -> MembershipView {
    let shopping = member.world.store.shopping();
    shopping
        .membership(&member.customer().await)
        .await
        .expect("a membership")
}

/// Subjects and texts of the letters to Ada, newest first; not of those to sign in with.
fn letters(member: &Member) -> Vec<(String, String)> {
    let letters = member.world.store.mailer().letters().into_iter();
    letters
        .filter(|letter| letter.to == "ada@example.org" && !letter.subject.ends_with("sign-in code"))
        .map(|letter| (letter.subject, letter.text))
        .collect()
}

#[tokio::test]
async fn who_saves_a_card_in_the_portal_is_not_told_of_the_old_ones_decline() {
    let member = owing().await;
    let before = membership(&member).await;
    let held = &before.subscriptions[0];
    let declined = held.open_invoice.as_ref().and_then(|invoice| invoice.declined.clone());
    assert_eq!(declined.as_ref(), paying(held, &before.cards).map(|card| &card.id));
    assert!(declined.is_some());
    let portal = member.world.store.portal().open(&member.customer().await, "").await;
    let url = portal.expect("a portal").url;
    let token = url.rsplit('/').next().expect("a token");
    let action = json!({ "action": "add_card", "card": ANOTHER });
    member.world.control(&format!("portal/{token}"), action).await;
    member.world.settle().await;
    let now = membership(&member).await;
    let held = &now.subscriptions[0];
    let pays = paying(held, &now.cards).expect("a card that pays");
    assert_eq!(pays.to_string(), "Mastercard ending in 4444");
    let open = held.open_invoice.as_ref().expect("still open");
    assert_eq!(open.declined, declined, "it is known which card was refused");
    member.world.finish().await;
}

#[tokio::test]
async fn without_a_payment_method_letters_promise_no_next_attempt() {
    let member = owing().await;
    let (_, first) = letters(&member).remove(0);
    assert!(first.contains("It is tried again on"), "{first}");
    let cards = member.world.store.cards();
    cards.disconnect(&member.customer().await).await.expect("disconnected");
    member.world.pass(Duration::days(3)).await;
    let (subject, text) = letters(&member).remove(0);
    assert_eq!(subject, "Your payment for Bronze in Club did not go through");
    assert!(text.contains("No payment method is saved to take it from."), "{text}");
    assert!(!text.contains("tried again") && !text.contains("The bank"), "{text}");
    member.world.finish().await;
}

#[tokio::test]
async fn when_the_account_is_away_nobody_is_told_to_pay() {
    let member = owing().await;
    let account = member.account().await;
    let path = format!("accounts/{account}");
    member.world.control(&path, json!({ "outcome": "revoked" })).await;
    let gone = json!({ "id": "ca_test", "object": "application" });
    member
        .world
        .deliver(&account, "account.application.deauthorized", gone)
        .await;
    member.world.pass(Duration::days(8)).await;
    let (subject, text) = letters(&member).remove(0);
    assert_eq!(subject, "Your access to Bronze in Club has ended");
    assert!(text.contains("Nothing is sold there at the moment"), "{text}");
    assert!(!text.contains("Pay it"), "{text}");
    member.world.finish().await;
}

#[tokio::test]
async fn a_change_of_the_interval_that_lapses_is_not_called_an_upgrade() {
    let member = Member::of_with_card("Bronze", &[("Bronze", "9", "90")], FAILS_LATER).await;
    let preview = member.preview("Bronze", Year).await;
    match member.confirm(&preview).await {
        Err(Error::Problem(Problem::UpgradeWaits(waits))) => assert!(waits.same_tier),
        other => panic!("{other:?}"),
    }
    member.world.pass(Duration::hours(24)).await;
    let (subject, text) = letters(&member).remove(0);
    assert_eq!(subject, "Your change in Club did not happen");
    assert!(
        text.contains("how often you pay for Bronze") && !text.contains("upgrade"),
        "{text}"
    );
    member.world.finish().await;
}

/// The owner gives Ada the role that Bronze has.
async fn give_bronze(member: &Member, days: &str) {
    let owner = member.world.person("owner@club.example").await;
    let visitor = member.world.visit(&owner, "club").await;
    let permissions = member.world.store.permissions();
    let manager = visitor.permission_manager().expect("a manager");
    let roles = permissions.view(&manager).await.expect("the roles").roles;
    let role = roles.iter().find(|role| role.label == "Bronze").expect("Bronze's").id;
    let user = member.ada.signed_in().expect("Ada").user;
    let giver = visitor.freebie_giver().expect("a giver");
    permissions.give_role(&giver, user, role, days).await.expect("given");
}

#[tokio::test]
async fn who_was_given_the_role_as_well_is_not_told_that_it_ends() {
    let member = owing().await;
    assert!(!member.held().await.is_given);
    give_bronze(&member, "").await;
    assert!(member.held().await.is_given);
    member.world.pass(Duration::days(8)).await;
    assert_eq!(member.held().await.role_until, None, "grace is over");
    let letters = letters(&member);
    assert!(letters.len() > 1, "{letters:?}");
    for (subject, text) in &letters[..letters.len() - 1] {
        assert!(
            !subject.contains("has ended") && !text.contains("has ended"),
            "{subject}: {text}"
        );
        assert!(text.contains("You keep what Bronze opens"), "{subject}: {text}");
    }
    member.world.finish().await;
}

#[tokio::test]
async fn a_gift_that_ends_sooner_keeps_nothing() {
    for (days, is_given) in [("3", false), ("300", true)] {
        let member = Member::of_bronze().await;
        give_bronze(&member, days).await;
        assert_eq!(member.held().await.is_given, is_given, "{days} days");
        member.world.finish().await;
    }
}

#[tokio::test]
async fn the_preview_names_the_card_that_is_charged() {
    let member = Member::of_bronze().await;
    let up = member.preview("Gold", Month).await;
    assert_eq!(up.charged_to.as_deref(), Some("Visa ending in 4242"));
    member.confirm(&up).await.expect("up");
    let down = member.preview("Bronze", Month).await;
    assert_eq!(down.charged_to, None, "nothing is charged now");
    member.world.finish().await;
}

#[tokio::test]
async fn methods_other_than_cards_are_shown_by_their_kind_and_disconnected_as_well() {
    let member = Member::of_bronze().await;
    let account = member.account().await;
    let kinds = [
        (
            json!({ "type": "sepa_debit", "sepa_debit": {
                "bank_code": "37040044", "branch_code": "", "country": "DE", "fingerprint": "x", "last4": "3000",
                "generated_from": { "charge": null, "setup_attempt": null },
            } }),
            "SEPA debit ending in 3000",
        ),
        (
            json!({ "type": "link", "link": { "email": "ada@example.org" } }),
            "Link (ada@example.org)",
        ),
        (
            json!({ "type": "paypal", "paypal": { "country": null, "payer_email": "ada@example.net", "payer_id": null } }),
            "PayPal (ada@example.net)",
        ),
        (json!({ "type": "amazon_pay", "amazon_pay": {} }), "Amazon pay"),
    ];
    let method = membership(&member).await.cards.remove(0).id;
    for (fields, shown) in kinds {
        member.world.rewrite(&method, fields).await;
        let object = member
            .world
            .stripe(&account, &format!("payment_methods/{method}"))
            .await;
        member.world.deliver(&account, "payment_method.updated", object).await;
        let cards = membership(&member).await.cards;
        let named: Vec<String> = cards.iter().map(ToString::to_string).collect();
        assert_eq!(named, [shown]);
        assert_eq!(cards[0].exp_year, None);
    }
    let cards = member.world.store.cards();
    cards.disconnect(&member.customer().await).await.expect("disconnected");
    assert!(membership(&member).await.cards.is_empty());
    member.world.finish().await;
}
