//! Products and prices.

use serde_json::json;

use crate::support::{Stripe, id};

#[tokio::test]
async fn a_price_keeps_its_amount_and_changes_its_name() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let refused = stripe
        .refused("POST", &format!("/v1/prices/{price}"), &[("unit_amount", "2000")])
        .await;
    assert_eq!((refused.status, refused.code()), (400, "parameter_unknown"));
    let form = [("active", "false"), ("nickname", "old"), ("metadata[a]", "b")];
    let changed = stripe.post(&format!("/v1/prices/{price}"), &form).await;
    assert_eq!(changed["active"], false);
    assert_eq!(changed["unit_amount"], 1000);
    assert_eq!(changed["metadata"], json!({"a": "b"}));
    let cleared = stripe
        .post(&format!("/v1/prices/{price}"), &[("metadata[a]", "")])
        .await;
    assert_eq!(cleared["metadata"], json!({}));
    assert_eq!(cleared["nickname"], "old");
}

#[tokio::test]
async fn prices_are_listed_by_product_activity_and_lookup_key() {
    let stripe = Stripe::connected().await;
    let product = id(&stripe.post("/v1/products", &[("name", "Gold")]).await);
    let make = async |key: &str, amount: &str| {
        let form = [
            ("product", product.as_str()),
            ("currency", "eur"),
            ("unit_amount", amount),
            ("recurring[interval]", "year"),
            ("lookup_key", key),
        ];
        id(&stripe.post("/v1/prices", &form).await)
    };
    let (first, second) = (make("a", "100").await, make("b", "200").await);
    stripe.price("Other", 1, "month").await;
    stripe
        .post(&format!("/v1/prices/{first}"), &[("active", "false")])
        .await;
    let active = stripe
        .get("/v1/prices", &[("product", &product), ("active", "true")])
        .await;
    assert_eq!(active["data"][0]["id"], second.as_str());
    assert_eq!(active["data"].as_array().unwrap().len(), 1);
    let by_key = stripe
        .get("/v1/prices", &[("lookup_keys[]", "a"), ("expand[]", "data.product")])
        .await;
    assert_eq!(by_key["data"][0]["product"]["name"], "Gold");
    let form = [
        ("product", product.as_str()),
        ("currency", "eur"),
        ("unit_amount", "1"),
        ("lookup_key", "a"),
    ];
    assert_eq!(
        stripe.refused("POST", "/v1/prices", &form).await.code(),
        "resource_already_exists"
    );
}

#[tokio::test]
async fn a_product_with_prices_is_archived_not_deleted() {
    let stripe = Stripe::connected().await;
    let product = id(&stripe.post("/v1/products", &[("name", "Empty")]).await);
    assert_eq!(
        stripe.delete(&format!("/v1/products/{product}"), &[]).await["deleted"],
        true
    );
    assert_eq!(
        stripe
            .refused("GET", &format!("/v1/products/{product}"), &[])
            .await
            .status,
        404
    );
    let price = stripe.price("Gold", 1000, "month").await;
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        stripe
            .refused("DELETE", &format!("/v1/products/{product}"), &[])
            .await
            .status,
        400
    );
    let archived = stripe
        .post(&format!("/v1/products/{product}"), &[("active", "false")])
        .await;
    assert_eq!(archived["active"], false);
}

#[tokio::test]
async fn amounts_have_limits() {
    let stripe = Stripe::connected().await;
    let product = id(&stripe.post("/v1/products", &[("name", "Gold")]).await);
    for (amount, code) in [
        ("-1", "parameter_invalid_integer"),
        ("1e3", "parameter_invalid_integer"),
        ("100000000", "amount_too_large"),
        ("", "parameter_invalid_empty"),
    ] {
        let form = [
            ("product", product.as_str()),
            ("currency", "usd"),
            ("unit_amount", amount),
        ];
        assert_eq!(
            stripe.refused("POST", "/v1/prices", &form).await.code(),
            code,
            "{amount}"
        );
    }
    let yen = [
        ("product", product.as_str()),
        ("currency", "JPY"),
        ("unit_amount", "500"),
    ];
    assert_eq!(stripe.post("/v1/prices", &yen).await["currency"], "jpy");
    let dinar = [
        ("product", product.as_str()),
        ("currency", "kwd"),
        ("unit_amount_decimal", "1250"),
    ];
    assert_eq!(stripe.post("/v1/prices", &dinar).await["unit_amount"], 1250);
}

#[tokio::test]
async fn a_products_lists_can_be_emptied() {
    let stripe = Stripe::connected().await;
    let form = [
        ("name", "Gold"),
        ("images[]", "https://example.com/a.png"),
        ("marketing_features[0][name]", "Shiny"),
    ];
    let path = format!("/v1/products/{}", id(&stripe.post("/v1/products", &form).await));
    let emptied = stripe.post(&path, &[("images", ""), ("marketing_features", "")]).await;
    assert_eq!(
        (&emptied["images"], &emptied["marketing_features"]),
        (&json!([]), &json!([]))
    );
    let listed = stripe.get("/v1/prices", &[("recurring[usage_type]", "metered")]).await;
    assert_eq!(listed["data"], json!([]));
}
