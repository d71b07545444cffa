//! Pages as they arrive, without a script.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};

use app::session::calls::SignInWithCode;
use leptos::server_fn::ServerFn;
use model::post::PostDraft;
use tokio::task::JoinSet;

use super::site::Site;

impl Site {
    async fn page(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .body(Body::empty())
            .expect("a request");
        let response = self.answer(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("a text"))
    }

    async fn open_club(&self) {
        let (owner, _) = self.person("owner@club.example").await;
        self.store
            .communities()
            .create(&owner, "Club", "club", "eur")
            .await
            .expect("a community");
    }
}

#[tokio::test]
async fn what_is_not_there_looks_the_same_whatever_it_is() {
    let site = Site::new().await;
    site.open_club().await;
    for path in [
        "/nowhere",
        "/c/nowhere",
        "/c/club/posts/x",
        "/c/club/posts/01890000-0000-7000-8000-000000000000",
    ] {
        let (status, page) = site.page(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.contains("<title>Page not found · Xiome Store</title>"),
            "{path}: {page}"
        );
        assert!(page.contains("Go to the start page"), "{path}");
        assert!(!page.contains("Try again"), "{path}");
    }
    site.stripe.stop().await;
}

#[tokio::test]
async fn what_people_named_stays_text_in_the_pages_title() {
    let site = Site::new().await;
    let (owner, _) = site.person("owner@club.example").await;
    let communities = site.store.communities();
    let name = "</title><x>R&D";
    communities
        .create(&owner, name, "club", "eur")
        .await
        .expect("a community");
    let (_, page) = site.page("/c/club").await;
    assert!(
        page.contains("<title>&lt;/title>&lt;x>R&amp;D · Xiome Store</title>"),
        "{page}"
    );
    assert!(!page.contains("<x>"), "{page}");
    site.stripe.stop().await;
}

/// The title is asked for when the page is drawn, on whichever thread: once in a few hundred times what it was made of was
/// gone by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_come_at_once_get_the_whole_page() {
    let site = Arc::new(Site::new().await);
    site.open_club().await;
    let mut all = JoinSet::new();
    for _ in 0..8 {
        let site = Arc::clone(&site);
        all.spawn(async move {
            for _ in 0..60 {
                let (status, page) = site.page("/c/club/membership").await;
                assert_eq!(status, StatusCode::OK, "{page}");
                assert!(
                    page.contains("<title>Membership · Club · Xiome Store</title>"),
                    "{page}"
                );
            }
        });
    }
    all.join_all().await;
    Arc::into_inner(site).expect("the last").stripe.stop().await;
}

#[tokio::test]
async fn a_part_of_the_manage_area_that_is_not_there_keeps_its_navigation() {
    let site = Site::new().await;
    site.open_club().await;
    let (_, token) = site.person("owner@club.example").await;
    let request = Request::get("/c/club/manage/nowhere")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, format!("session={token}"))
        .body(Body::empty())
        .expect("a request");
    let response = site.answer(request).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let page = String::from_utf8_lossy(&body);
    assert!(
        page.contains("Page not found") && page.contains("/c/club/manage/plans"),
        "{page}"
    );
    site.stripe.stop().await;
}

#[tokio::test]
async fn a_sign_in_link_and_a_code_that_are_over_say_so() {
    let site = Site::new().await;
    for address in ["/sign-in?token=x", "/sign-in?attempt=x"] {
        let (_, page) = site.page(address).await;
        assert!(
            page.contains("does not work any more") && page.contains("Send me a new code"),
            "{page}"
        );
    }
    let sessions = site.store.sessions();
    let sent = sessions.request_code("ada@example.org", "192.0.2.1", "");
    let attempt = sent.await.expect("sent").attempt;
    let (_, page) = site.page(&format!("/sign-in?attempt={attempt}")).await;
    assert!(
        page.contains("ada@example.org") && page.contains("Send a new code"),
        "{page}"
    );
    site.stripe.stop().await;
}

#[tokio::test]
async fn a_slug_in_capitals_leads_to_the_community() {
    let site = Site::new().await;
    site.open_club().await;
    let request = Request::get("/c/CLUB?interval=year")
        .body(Body::empty())
        .expect("a request");
    let response = site.answer(request).await;
    assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(response.headers()[header::LOCATION], "/c/club?interval=year");
    site.stripe.stop().await;
}

/// Pages outside of the application cannot name the style sheet, whose name has its hash: they repeat what they need.
#[test]
fn the_plain_pages_have_the_colours_of_the_others() {
    let tokens = include_str!("../../../style/tokens.css");
    let plain = include_str!("../../../public/popups/return.css");
    let repeated: Vec<&str> = plain
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("--"))
        .collect();
    assert!(repeated.len() > 10);
    for line in repeated {
        assert!(tokens.contains(line), "{line}");
    }
}

#[tokio::test]
async fn over_https_browsers_stay_there_and_the_session_stays_with_the_host() {
    for (public_url, is_https) in [("https://store.example", true), ("http://127.0.0.1:3000", false)] {
        let site = Site::at(public_url).await;
        let sent = site
            .store
            .sessions()
            .request_code("ada@example.org", "192.0.2.1", "")
            .await;
        let attempt = sent.expect("sent").attempt;
        let subject = site.store.mailer().letters()[0].subject.clone();
        let code = subject.split(' ').next().expect("a code");
        let request = Request::post(<SignInWithCode as ServerFn>::PATH)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, public_url)
            .body(Body::from(format!("attempt={attempt}&code={code}&next=/")))
            .expect("a request");
        let answer = site.answer(request).await;
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a text");
        assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        assert_eq!(cookie.starts_with("__Host-session="), is_https, "{cookie}");
        assert_eq!(cookie.contains("; Secure"), is_https, "{cookie}");
        let stays = answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY);
        assert_eq!(stays, is_https, "{public_url}");
        site.stripe.stop().await;
    }
}

#[tokio::test]
async fn communities_and_posts_are_described_in_their_own_words_as_text() {
    let site = Site::new().await;
    let (owner, _) = site.person("owner@club.example").await;
    let communities = site.store.communities();
    communities
        .create(&owner, "Club", "club", "eur")
        .await
        .expect("a community");
    let (_, bare) = site.page("/c/club").await;
    assert!(!bare.contains("name=\"description\""), "{bare}");
    let clerk = site.store.visitor(&owner, "club").await.expect("a visitor").clerk();
    let clerk = clerk.expect("a clerk");
    let shown = communities.settings(&clerk).await.expect("settings").shown;
    let words = "\"><x>R&D";
    communities
        .change_settings(&clerk, &shown, "Club", words, "eur", "7")
        .await
        .expect("changed");
    let draft = PostDraft {
        title: "A".into(),
        teaser: words.into(),
        body: "B".into(),
        ..PostDraft::default()
    };
    site.store.posts().write(&clerk, &draft).await.expect("a post");
    let visitor = site.store.visitor(&owner, "club").await.expect("a visitor");
    let post = site.store.posts().list(&visitor).await.expect("posts")[0].id;
    for path in ["/c/club".to_owned(), format!("/c/club/posts/{post}")] {
        let (_, page) = site.page(&path).await;
        let (_, meta) = page.split_once("name=\"description\"").expect("a description");
        let (_, content) = meta.split_once("content=\"").expect("its text");
        assert!(content.starts_with("&quot;&gt;&lt;x&gt;R&amp;D\""), "{path}: {content}");
        assert!(!page.contains("<x>"), "{path}");
    }
    site.stripe.stop().await;
}

#[test]
fn what_browsers_ask_for_by_themselves_is_a_small_icon() {
    let icon = include_bytes!("../../../public/favicon.ico");
    assert_eq!(icon[..6], [0, 0, 1, 0, 1, 0], "one picture");
    assert!(icon.len() < 1024);
}
