//! The queue of events: what is of another mode, and what needs a person.

use chrono::Duration;
use model::{Problem, account::AccountStatus};
use serde_json::json;
use store::actor::Session;

use crate::{member::Member, world::World};

#[tokio::test]
async fn an_event_of_the_other_mode_takes_none_of_ours_along() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let account = world.account(&owner, "club").await;
    world.settle().await;
    world.control("outbox", json!({ "mode": "hold" })).await;
    let restricted = json!({ "outcome": "restricted" });
    world.control(&format!("accounts/{account}"), restricted).await;
    for livemode in [true, false, true] {
        let object = json!({ "id": account, "object": "account" });
        world.arrives_in(livemode, &account, "account.updated", object).await;
    }
    world.store.work_jobs().await.expect("worked");
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Restricted);
    let mut states = world.event_states("account.updated").await;
    states.retain(|state| state == "not_ours");
    assert_eq!(states.len(), 2);
    world.finish().await;
}

#[tokio::test]
async fn what_was_given_up_is_listed_and_is_worked_once_it_is_put_back() {
    let member = Member::of_bronze().await;
    let (world, account) = (&member.world, member.account().await);
    let subscription = member.newest("subscriptions").await;
    let fault =
        json!({ "kind": "status", "status": 503, "times": 0, "method": "GET", "path_prefix": "/v1/subscriptions/" });
    world.control("faults", fault).await;
    let event = world
        .arrives_in(false, &account, "customer.subscription.updated", subscription.clone())
        .await;
    for _ in 0..45 {
        world.wait(Duration::hours(1)).await;
        world.store.work_jobs().await.expect("the queue");
    }
    world.behave().await;
    let stuck = world.store.stuck_jobs().await.expect("a list");
    let ours: Vec<_> = stuck.iter().filter(|job| job.event.as_ref() == Some(&event)).collect();
    assert_eq!(ours.len(), 1, "{stuck:?}");
    let id = subscription["id"].as_str().expect("an id");
    assert!(
        ours[0].subject.ends_with(id) && !ours[0].last_error.is_empty(),
        "{ours:?}"
    );
    assert!(world.store.retry_event(&event).await.expect("retried"));
    let admin = world.person("admin@platform.example").await;
    let admin = world.store.platform_admin(&admin).expect("an admin");
    let platform = world.store.platform();
    for job in platform.view(&admin).await.expect("a list").stuck {
        platform.retry(&admin, job.id).await.expect("retried");
        let again = platform.retry(&admin, job.id).await.expect_err("it waits by now");
        assert_eq!(again.problem(), Some(Problem::not_found("job")));
    }
    assert_eq!(world.store.stuck_jobs().await.expect("a list"), []);
    world.settle().await;
    assert!(world.jobs().await.is_empty(), "{:?}", world.jobs().await);
    assert!(
        world
            .event_states("customer.subscription.updated")
            .await
            .iter()
            .all(|state| state == "done")
    );
    assert!(!world.store.retry_event("evt_unknown").await.expect("an answer"));
    let stranger = world.store.platform_admin(&member.ada).expect_err("a customer");
    assert_eq!(stranger, Problem::not_found("page"));
    let nobody = world.store.platform_admin(&Session::default()).expect_err("signed out");
    assert_eq!(nobody, Problem::SignInNeeded);
    member.world.finish().await;
}
