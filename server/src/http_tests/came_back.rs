//! The way back from Stripe in the same tab leads on, whoever comes and whatever the address says.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use super::site::Site;

#[tokio::test]
async fn whoever_comes_back_goes_on_to_the_page_and_learns_nothing_here() {
    let site = Site::new().await;
    let (owner, _) = site.person("owner@club.example").await;
    for slug in ["club", "other"] {
        let communities = site.store.communities();
        communities
            .create(&owner, slug, slug, "eur")
            .await
            .expect("a community");
    }
    let (_, stranger) = site.person("stranger@club.example").await;
    for (path, to) in [
        ("/c/club/bought?plan=01890000-0000-7000-8000-000000000000", "/c/club"),
        ("/c/club/bought?plan=%0D%0ALocation", "/c/club"),
        ("/c/club/bought", "/c/club"),
        ("/c/nowhere/bought", "/"),
        ("/c/club/card-saved", "/c/club/membership"),
        ("/c/nowhere/card-saved", "/"),
        ("/c/other/onboarded", "/c/other/manage/store"),
        ("/c/nowhere/onboarded", "/"),
    ] {
        for token in [None, Some(&stranger)] {
            let mut request = Request::get(path);
            if let Some(token) = token {
                request = request.header(header::COOKIE, format!("session={token}"));
            }
            let response = site.answer(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
            assert_eq!(response.headers()[header::LOCATION], to, "{path}");
        }
    }
    site.stripe.stop().await;
}
