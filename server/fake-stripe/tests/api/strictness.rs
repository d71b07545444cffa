//! Requests that Stripe refuses.

use crate::support::Stripe;

#[tokio::test]
async fn unknown_missing_and_mistyped_parameters_are_named() {
    let stripe = Stripe::connected().await;
    for (path, form, code, param) in [
        ("/v1/customers", vec![("colour", "red")], "parameter_unknown", "colour"),
        (
            "/v1/prices",
            vec![
                ("currency", "usd"),
                ("recurring[every]", "day"),
                ("recurring[interval]", "day"),
            ],
            "parameter_unknown",
            "recurring[every]",
        ),
        (
            "/v1/prices",
            vec![("product", "prod_1")],
            "parameter_missing",
            "currency",
        ),
        ("/v1/products", vec![], "parameter_missing", "name"),
        (
            "/v1/checkout/sessions",
            vec![("mode", "subscription"), ("expires_at", "soon")],
            "parameter_invalid_integer",
            "expires_at",
        ),
        (
            "/v1/subscriptions",
            vec![("customer", "cus_none"), ("items[0][price]", "price_none")],
            "resource_missing",
            "customer",
        ),
    ] {
        let refused = stripe.refused("POST", path, &form).await;
        assert_eq!(
            (refused.code(), refused.body["error"]["param"].as_str()),
            (code, Some(param)),
            "{path}"
        );
        assert_eq!(refused.body["error"]["type"], "invalid_request_error");
    }
    let wrong = stripe
        .refused("POST", "/v1/products", &[("name", "x"), ("active", "maybe")])
        .await;
    assert_eq!(wrong.message(), "Invalid boolean: maybe");
    assert_eq!(
        stripe
            .refused("GET", "/v1/customers", &[("colour", "red")])
            .await
            .code(),
        "parameter_unknown"
    );
}

#[tokio::test]
async fn a_key_is_needed_and_must_be_a_test_key() {
    let stripe = Stripe::start().await;
    let http = reqwest::Client::new();
    let url = format!("{}/v1/customers", stripe.base());
    for (authorization, status) in [
        (None, 401),
        (Some("Bearer sk_live_1"), 401),
        (Some("Bearer sk_test_"), 401),
        (Some("Basic c2tfdGVzdF8xOg=="), 200),
        (Some("Bearer sk_test_1"), 200),
    ] {
        let mut request = http.get(&url).header("stripe-version", "2020-08-27");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        assert_eq!(request.send().await.unwrap().status(), status, "{authorization:?}");
    }
}

#[tokio::test]
async fn unknown_addresses_are_refused() {
    let stripe = Stripe::start().await;
    let refused = stripe.refused("GET", "/v1/nothing", &[]).await;
    assert_eq!(refused.status, 404);
    assert!(
        refused
            .message()
            .starts_with("Unrecognized request URL (GET: /v1/nothing)")
    );
    let refused = stripe
        .refused("GET", "/v1/invoices/search", &[("query", "total>1")])
        .await;
    assert_eq!(refused.status, 404, "no invoice has that id: {}", refused.message());
}

#[tokio::test]
async fn a_value_of_the_wrong_shape_says_so() {
    let stripe = Stripe::connected().await;
    let refused = stripe.refused("POST", "/v1/customers", &[("metadata", "x")]).await;
    assert_eq!(refused.message(), "Invalid object");
    let later = stripe.send("GET", "/v2/core/accounts", &[], &[]).await;
    assert_eq!((later.status, later.message().is_empty()), (404, false));
}
