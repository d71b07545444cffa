//! Signing in by e-mail.

use chrono::Duration;
use model::Problem;

use crate::world::World;

#[tokio::test]
async fn a_code_works_once_and_for_fifteen_minutes() {
    let world = World::new().await;
    let sessions = world.store.sessions();
    let code = || {
        world.store.mailer().letters()[0]
            .subject
            .split(' ')
            .next()
            .expect("a code")
            .to_owned()
    };
    let sent = sessions
        .request_code("ada@example.org", "192.0.2.1", "")
        .await
        .expect("sent");
    let first = code();
    let told = async |attempt: &str| sessions.sent(attempt).await.expect("an answer");
    assert_eq!(told(&sent.attempt).await.as_ref(), Some(&sent), "where to look for it");
    assert_eq!(told("nonsense").await, None);
    sessions.redeem_code(&sent.attempt, &first).await.expect("signed in");
    assert_eq!(told(&sent.attempt).await, None, "used already");
    assert!(
        sessions.redeem_code(&sent.attempt, &first).await.is_err(),
        "used already"
    );
    let late = sessions
        .request_code("ada@example.org", "192.0.2.1", "")
        .await
        .expect("sent");
    let second = code();
    world.clock.advance(Duration::minutes(14));
    assert_eq!(told(&late.attempt).await.map(|sent| sent.minutes), Some(1));
    world.clock.advance(Duration::minutes(1));
    assert!(sessions.redeem_code(&late.attempt, &second).await.is_err(), "too old");
    assert_eq!(told(&late.attempt).await, None);
    world.finish().await;
}

#[tokio::test]
async fn the_link_works_once_and_leads_on() {
    let world = World::new().await;
    let sessions = world.store.sessions();
    sessions
        .request_code("ada@example.org", "192.0.2.1", "/c/club?tier=1")
        .await
        .expect("sent");
    let text = world.store.mailer().letters()[0].text.clone();
    let token = text
        .split("token=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .expect("a token");
    assert!(text.contains("next=%2Fc%2Fclub"), "{text}");
    let signed_in = sessions.redeem_link(token).await.expect("signed in");
    assert!(sessions.redeem_link(token).await.is_err(), "used already");
    let session = sessions.find(Some(&signed_in.token)).await.expect("a session");
    assert_eq!(session.signed_in().expect("ada").email, "ada@example.org");
    sessions.sign_out(&session).await.expect("signed out");
    assert!(
        sessions
            .find(Some(&signed_in.token))
            .await
            .expect("none")
            .signed_in()
            .is_none()
    );
    world.finish().await;
}

#[tokio::test]
async fn wrong_codes_use_an_attempt_up_and_asking_is_limited() {
    let world = World::new().await;
    let sessions = world.store.sessions();
    let sent = sessions
        .request_code("ada@example.org", "192.0.2.1", "")
        .await
        .expect("sent");
    let right = world.store.mailer().letters()[0]
        .subject
        .split(' ')
        .next()
        .expect("a code")
        .to_owned();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert!(sessions.redeem_code(&sent.attempt, wrong).await.is_err());
    }
    assert!(sessions.redeem_code(&sent.attempt, &right).await.is_err(), "used up");
    for _ in 0..4 {
        sessions
            .request_code("ADA@example.org", "192.0.2.1", "")
            .await
            .expect("sent");
    }
    let ask = async |client: &str| {
        let asked = sessions.request_code("ada@example.org", client, "").await;
        asked.err().and_then(|error| error.problem())
    };
    assert!(matches!(ask("192.0.2.1").await, Some(Problem::TooMany { .. })));
    for client in 2..=6 {
        assert_eq!(
            ask(&format!("192.0.2.{client}")).await,
            None,
            "another client may still ask"
        );
    }
    assert!(matches!(ask("192.0.2.7").await, Some(Problem::TooMany { .. })));
    world.finish().await;
}

#[tokio::test]
async fn many_wrong_codes_for_one_address_leave_only_the_link() {
    let world = World::new().await;
    let sessions = world.store.sessions();
    for _ in 0..4 {
        let sent = sessions
            .request_code("ada@example.org", "192.0.2.1", "")
            .await
            .expect("sent");
        for _ in 0..5 {
            assert!(sessions.redeem_code(&sent.attempt, "no code").await.is_err());
        }
        world.clock.advance(Duration::minutes(16));
    }
    let sent = sessions
        .request_code("ada@example.org", "192.0.2.1", "")
        .await
        .expect("sent");
    let letter = world.store.mailer().letters()[0].clone();
    let code = letter.subject.split(' ').next().expect("a code");
    let refused = sessions.redeem_code(&sent.attempt, code).await.expect_err("refused");
    assert!(refused.to_string().contains("Follow the link"), "{refused}");
    let token = letter
        .text
        .split("token=")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    let token = token.expect("a token");
    let owner = sessions.owner_of_link(token).await.expect("an answer");
    assert_eq!(owner.as_deref(), Some("ada@example.org"));
    sessions.redeem_link(token).await.expect("signed in");
    assert_eq!(sessions.owner_of_link(token).await.expect("an answer"), None, "used");
    world.finish().await;
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_as_many_guesses() {
    let world = World::new().await;
    let sessions = world.store.sessions();
    let sent = sessions
        .request_code("ada@example.org", "192.0.2.1", "")
        .await
        .expect("sent");
    let subject = world.store.mailer().letters()[0].subject.clone();
    let code = subject.split(' ').next().expect("a code");
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (store, attempt) = (world.store.clone(), sent.attempt.clone());
        guesses.spawn(async move { store.sessions().redeem_code(&attempt, "no code").await.is_err() });
    }
    assert!(guesses.join_all().await.into_iter().all(|refused| refused));
    assert!(sessions.redeem_code(&sent.attempt, code).await.is_err(), "used up");
    world.finish().await;
}

#[tokio::test]
async fn sign_out_everywhere_ends_every_session() {
    let world = World::new().await;
    let one = world.person("ada@example.org").await;
    let two = world.person("ada@example.org").await;
    world
        .store
        .sessions()
        .sign_out_everywhere(&one)
        .await
        .expect("signed out");
    world.store.sessions().sign_out(&two).await.expect("nothing left");
    world.finish().await;
}

#[tokio::test]
async fn what_ended_is_tidied_up_and_what_lasts_stays() {
    let world = World::new().await;
    let ada = world.person("ada@example.org").await;
    assert!(ada.signed_in().is_some());
    assert_eq!(world.store.tidy_up().await.expect("tidied"), 0);
    world.clock.advance(Duration::days(2));
    assert_eq!(
        world.store.tidy_up().await.expect("tidied"),
        1,
        "the attempt to sign in"
    );
    world.clock.advance(Duration::days(400));
    assert_eq!(world.store.tidy_up().await.expect("tidied"), 1, "the session");
    world.finish().await;
}
