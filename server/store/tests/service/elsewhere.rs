//! Who subscribed anew after the community moved to another Stripe account does not pay twice unheard.

use chrono::Duration;
use model::{
    attention::{AttentionKind, AttentionView, ELSEWHERE},
    interval::Interval::Month,
};
use serde_json::json;

use crate::member::Member;

const ADA: &str = "ada@example.org";
const OWNER: &str = "owner@club.example";

async fn notices(member: &Member) -> Vec<AttentionView> {
    let owner = member.world.person(OWNER).await;
    let clerk = member.world.visit(&owner, "club").await.clerk().expect("a clerk");
    member
        .world
        .store
        .attention()
        .list(&clerk)
        .await
        .expect("a page")
        .notices
}

fn letters(member: &Member, to: &str, subject: &str) -> usize {
    let letters = member.world.store.mailer().letters();
    letters
        .iter()
        .filter(|letter| letter.to == to && letter.subject.contains(subject))
        .count()
}

/// Ada holds Gold on an account that the community has left; the answer has it and her subscription there.
async fn moved() -> (Member, String, String) {
    let member = Member::of("Gold", &[("Gold", "15", "")]).await;
    let account = member.account().await;
    let subscription = member.newest("subscriptions").await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    member.world.pass(Duration::days(10)).await;
    member.world.moves("Gold").await;
    (member, account, subscription)
}

#[tokio::test]
async fn where_the_old_one_cannot_be_ended_both_sides_are_told_once() {
    let (member, account, old) = moved().await;
    assert!(notices(&member).await.is_empty(), "she has not subscribed anew");
    member.world.buy(&member.ada, "club", "Gold", Month).await;
    for _ in 0..2 {
        let notices = notices(&member).await;
        assert_eq!(notices.len(), 1, "{notices:#?}");
        let notice = &notices[0];
        assert_eq!((notice.kind, &notice.subject), (AttentionKind::ChargedElsewhere, &old));
        assert_eq!(notice.email.as_deref(), Some(ADA));
        let dashboard = notice.dashboard_url.as_deref().expect("an address");
        assert!(
            dashboard.contains(&format!("{account}/subscriptions/{old}")),
            "{dashboard}"
        );
        for to in [ADA, OWNER] {
            assert_eq!(letters(&member, to, "charged twice"), 1, "{to}");
        }
        let written = member.world.store.mailer().letters();
        let to_owner = written
            .iter()
            .find(|letter| letter.to == OWNER && letter.subject.contains("charged twice"));
        let text = &to_owner.expect("hers").text;
        assert!(text.contains(&account) && text.contains(&old), "{text}");
        // Her new one renews, and is read again.
        member.world.pass(Duration::days(32)).await;
    }
    assert_eq!(member.holds().await, ["Gold"]);
    let owner = member.world.person(OWNER).await;
    let clerk = member.world.visit(&owner, "club").await.clerk().expect("a clerk");
    let id = notices(&member).await[0].id;
    member
        .world
        .store
        .attention()
        .dismiss(&clerk, id)
        .await
        .expect("dismissed");
    member.world.pass(Duration::days(32)).await;
    assert!(notices(&member).await.is_empty(), "it was dealt with");
    member.world.finish().await;
}

#[tokio::test]
async fn where_access_remains_the_old_one_is_ended_and_both_sides_are_told() {
    let (member, account, old) = moved().await;
    // As when this store has no client id to give access back with.
    let path = format!("accounts/{account}");
    member.world.control(&path, json!({ "outcome": "ready" })).await;
    member.world.settle().await;
    member.world.buy(&member.ada, "club", "Gold", Month).await;
    let ended = member.world.stripe(&account, &format!("subscriptions/{old}")).await;
    assert_eq!(ended["status"], "canceled");
    let customer = ended["customer"].as_str().expect("an id");
    let customer = member.world.stripe(&account, &format!("customers/{customer}")).await;
    assert!(
        customer["balance"].as_i64().expect("a balance") < 0,
        "what was not used is credited"
    );
    assert_eq!(member.holds().await, ["Gold"], "by the new one");
    let notices = notices(&member).await;
    assert_eq!(notices.len(), 1, "{notices:#?}");
    let standing = notices[0].standing.as_deref();
    assert_eq!((notices[0].kind, standing), (AttentionKind::PaidTwice, Some(ELSEWHERE)));
    for to in [ADA, OWNER] {
        assert_eq!(letters(&member, to, "earlier"), 1, "{to}");
        assert_eq!(letters(&member, to, "charged twice"), 0, "{to}");
    }
    assert_eq!(letters(&member, ADA, "ended"), 1, "and no other letter about an end");
    member.world.finish().await;
}

#[tokio::test]
async fn one_that_is_set_to_end_is_left_to_end() {
    let member = Member::of("Gold", &[("Gold", "15", "")]).await;
    let plan = member.held().await.plan;
    let shopping = member.world.store.shopping();
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    member.world.settle().await;
    member.world.moves("Gold").await;
    member.world.buy(&member.ada, "club", "Gold", Month).await;
    assert!(notices(&member).await.is_empty());
    assert_eq!(letters(&member, ADA, "charged twice"), 0);
    member.world.finish().await;
}

#[tokio::test]
async fn when_the_old_account_comes_back_it_is_the_new_one_that_cannot_be_ended() {
    let (member, account, _) = moved().await;
    member.world.buy(&member.ada, "club", "Gold", Month).await;
    let new = member.newest("subscriptions").await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    member
        .world
        .control(&format!("accounts/{account}"), json!({ "outcome": "ready" }))
        .await;
    member.world.reconnects(&account).await;
    let notices = notices(&member).await;
    assert_eq!(notices.len(), 1, "{notices:#?}");
    assert_eq!(
        (notices[0].kind, &notices[0].subject),
        (AttentionKind::ChargedElsewhere, &new)
    );
    assert_eq!(
        member.held().await.status,
        model::subscription::SubscriptionStatus::Active
    );
    member.world.finish().await;
}
