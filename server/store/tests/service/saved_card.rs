//! A card that was saved pays from then on, whatever waits and whatever order the events come in.

use chrono::Duration;
use model::interval::Interval::Month;
use serde_json::{Value, json};

use crate::{member::Member, world::session_of};

/// Another one than the membership was bought with.
const ANOTHER: &str = "5555555555554444";

/// Ada saves another card at Stripe's page.
async fn saves_another(member: &Member) {
    let cards = member.world.store.cards();
    let page = cards.update(&member.customer().await, "").await.expect("a page");
    let path = format!("checkout/{}/complete", session_of(&page.url));
    member.world.control(&path, json!({ "card": ANOTHER })).await;
}

/// The last digits of a `pm_…`.
async fn digits(member: &Member, account: &str, card: &Value) -> String {
    let card = card.as_str().expect("a card");
    let card = member.world.stripe(account, &format!("payment_methods/{card}")).await;
    card["card"]["last4"].as_str().expect("digits").to_owned()
}

/// Of the card that pays the newest subscription.
async fn pays(member: &Member, account: &str) -> String {
    let list = member.world.stripe(account, "subscriptions").await;
    digits(member, account, &list["data"][0]["default_payment_method"]).await
}

/// Of the card that was charged last, and how much.
async fn charged(member: &Member, account: &str) -> (String, i64) {
    let list = member.world.stripe(account, "charges").await;
    let charge = &list["data"][0];
    let card = digits(member, account, &charge["payment_method"]).await;
    (card, charge["amount"].as_i64().expect("an amount"))
}

#[tokio::test]
async fn a_change_that_waits_does_not_bring_back_the_old_one() {
    let tiers = [("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of("Gold", &tiers).await;
    let account = member.account().await;
    let down = member.preview("Silver", Month).await;
    member.confirm(&down).await.expect("down");
    member.world.settle().await;
    saves_another(&member).await;
    member.world.settle().await;
    assert_eq!(pays(&member, &account).await, "4444");
    // Asked for once more, its phases are written anew.
    let down = member.preview("Silver", Month).await;
    member.confirm(&down).await.expect("down");
    assert_eq!(pays(&member, &account).await, "4444");
    member.world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(member.holds().await, ["Silver"]);
    assert_eq!(pays(&member, &account).await, "4444");
    assert_eq!(charged(&member, &account).await, ("4444".to_owned(), 1400));
    member.world.finish().await;
}

#[tokio::test]
async fn one_that_is_saved_before_the_purchase_is_known_here_pays_it_too() {
    let member = Member::of_bronze().await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    let account = world.account(&owner, "club").await;
    world.plan(&owner, "club", "Extra", &[("Plus", "3", "")]).await;
    let url = world.checkout(&member.ada, "club", "Plus", Month).await;
    world.control("outbox", json!({ "mode": "hold" })).await;
    world.pay(&url, "4242424242424242").await;
    saves_another(&member).await;
    let cards = world.store.cards();
    // The page asks what became of it, before any event has come.
    cards.state(&member.customer().await).await.expect("a state");
    assert_eq!(world.holds(&member.ada, "club").await, ["Bronze", "Plus"]);
    assert_eq!(pays(&member, &account).await, "4444");
    world.settle().await;
    assert_eq!(pays(&member, &account).await, "4444");
    member.world.finish().await;
}

#[tokio::test]
async fn another_card_that_pays_what_is_due_pays_the_renewals_after_it() {
    let member = Member::of_with_card("Bronze", &[("Bronze", "9", "")], "4000000000000341").await;
    let account = member.account().await;
    member.world.pass(Duration::days(31) + Duration::hours(2)).await;
    let plan = member.held().await.plan;
    let shopping = member.world.store.shopping();
    shopping
        .pay_open_invoice(&member.customer().await, plan)
        .await
        .expect("a page");
    let open = member.newest("invoices?status=open").await;
    let path = format!("invoices/{}/pay", open["id"].as_str().expect("an id"));
    member.world.control(&path, json!({ "card": ANOTHER })).await;
    member.world.settle().await;
    assert_eq!(pays(&member, &account).await, "4444");
    member.world.pass(Duration::days(31)).await;
    assert_eq!(charged(&member, &account).await, ("4444".to_owned(), 900));
    assert_eq!(member.holds().await, ["Bronze"]);
    member.world.finish().await;
}
