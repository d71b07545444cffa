//! Requests that no page of ours makes.

use app::{community::calls::CreateCommunity, posts::calls::EditPost};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use leptos::server_fn::ServerFn;
use model::post::PostDraft;

use super::site::Site;
use crate::router::LARGEST_BODY;

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let site = Site::new().await;
    let (_, token) = site.person("ada@example.org").await;
    let request = Request::post(<CreateCommunity as ServerFn>::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://evil.example")
        .header(header::COOKIE, format!("session={token}"))
        .body(Body::from("name=A&slug=abc&currency=eur"))
        .expect("a request");
    let status = site.answer(request).await.status();
    assert_eq!(status, StatusCode::FORBIDDEN);
    site.stripe.stop().await;
}

/// Status and text of the answer to a form that says to want `accept`.
async fn form(site: &Site, accept: &str, body: Vec<u8>) -> (StatusCode, String) {
    let request = Request::post(<CreateCommunity as ServerFn>::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, accept)
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .body(Body::from(body))
        .expect("a request");
    let answer = site.answer(request).await;
    let status = answer.status();
    let text = to_bytes(answer.into_body(), LARGEST_BODY).await.expect("a body");
    (status, String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test]
async fn a_form_over_the_limit_is_too_large() {
    let site = Site::new().await;
    for accept in ["application/json", "text/html"] {
        let body = [b"name=".to_vec(), vec![b'x'; LARGEST_BODY]].concat();
        let (status, _) = form(&site, accept, body).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{accept}");
    }
    site.stripe.stop().await;
}

#[tokio::test]
async fn a_broken_form_is_refused_in_words() {
    let site = Site::new().await;
    for body in [&b""[..], b"name", b"name=a&slug=%FF%FE", b"\xff\xfe", b"{\"name\":1}"] {
        let (status, text) = form(&site, "application/json", body.to_vec()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
        assert!(text.contains("Unreadable"), "{text}");
    }
    site.stripe.stop().await;
}

#[tokio::test]
async fn a_refusal_in_a_link_of_another_site_is_taken_out_of_the_address() {
    let site = Site::new().await;
    let get = |path: &str, from: &str| {
        let request = Request::get(path)
            .header("sec-fetch-site", from)
            .body(Body::empty())
            .expect("a request");
        let answer = site.answer(request);
        async move {
            let answer = answer.await;
            let location = answer.headers().get(header::LOCATION);
            let location = location.map(|location| location.to_str().expect("a text").to_owned());
            (answer.status(), location)
        }
    };
    // A page that is no Leptos page is enough: what is tested stands before all of them.
    let made_up = "/popups/return?popup=1&__path=p&__err=e&__typed=t&__done=d";
    let (status, location) = get(made_up, "cross-site").await;
    assert_eq!(
        (status, location.as_deref()),
        (StatusCode::SEE_OTHER, Some("/popups/return?popup=1"))
    );
    let (_, location) = get("//evil.example/?__err=e", "cross-site").await;
    assert_eq!(location.as_deref(), Some("/evil.example/"));
    assert_eq!(
        get(made_up, "none").await.0,
        StatusCode::SEE_OTHER,
        "a link in a letter"
    );
    assert_ne!(get(made_up, "same-origin").await.0, StatusCode::SEE_OTHER);
    assert_ne!(
        get("/popups/return?popup=1", "cross-site").await.0,
        StatusCode::SEE_OTHER
    );
    site.stripe.stop().await;
}

#[tokio::test]
async fn a_refused_form_with_a_long_text_leaves_it_to_the_browser_and_says_so() {
    let site = Site::new().await;
    let (_, token) = site.person("ada@example.org").await;
    for (name, status) in [
        ("x".repeat(100), StatusCode::FOUND),
        ("x".repeat(3000), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let request = Request::post(<CreateCommunity as ServerFn>::PATH)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::REFERER, "http://127.0.0.1:3000/")
            .header(header::COOKIE, format!("session={token}"))
            .body(Body::from(format!("name={name}&slug=abc&currency=eur")))
            .expect("a request");
        let answer = site.answer(request).await;
        assert_eq!(answer.status(), status);
        let text = to_bytes(answer.into_body(), LARGEST_BODY).await.expect("a body");
        let text = String::from_utf8_lossy(&text);
        let says = text.contains("Name") && text.contains("Back button");
        assert_eq!(says, status == StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    }
    site.stripe.stop().await;
}

#[tokio::test]
async fn a_long_text_that_would_overwrite_an_unseen_change_is_to_be_put_into_a_new_form() {
    let site = Site::new().await;
    let (owner, token) = site.person("ada@example.org").await;
    let communities = site.store.communities();
    communities.create(&owner, "Club", "club", "eur").await.expect("one");
    let visitor = site.store.visitor(&owner, "club").await.expect("a visitor");
    let clerk = visitor.clerk().expect("a clerk");
    let draft = PostDraft {
        title: "A".into(),
        body: "B".into(),
        ..PostDraft::default()
    };
    site.store.posts().write(&clerk, &draft).await.expect("a post");
    let post = site.store.posts().list(&visitor).await.expect("posts")[0].id;
    let text = "x".repeat(3000);
    let form = format!("community=club&post={post}&shown=another&draft[title]=A&draft[body]={text}");
    let request = Request::post(<EditPost as ServerFn>::PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::REFERER, "http://127.0.0.1:3000/c/club/manage/posts")
        .header(header::COOKIE, format!("session={token}"))
        .body(Body::from(form))
        .expect("a request");
    let answer = site.answer(request).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = to_bytes(answer.into_body(), LARGEST_BODY).await.expect("a body");
    let page = String::from_utf8_lossy(&page);
    assert!(
        page.contains("changed elsewhere") && page.contains("load the page again"),
        "{page}"
    );
    let source = site.store.posts().source(&clerk, post).await.expect("the post");
    assert_eq!(source.body, "B");
    site.stripe.stop().await;
}
