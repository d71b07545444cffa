//! Searching. What the query language says is tested beside it (`engine/search/query.rs`).

use serde_json::{Value, json};

use crate::support::{Stripe, id};

fn names(found: &Value) -> Vec<&str> {
    let data = found["data"].as_array().unwrap();
    data.iter().map(|object| object["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn products_are_found_newest_first_and_page_by_page() {
    let stripe = Stripe::connected().await;
    for name in ["Gold one", "Silver", "Gold two", "Gold three"] {
        stripe
            .post("/v1/products", &[("name", name), ("metadata[tier]", "metal")])
            .await;
    }
    let query = ("query", "name~'GOLD' AND metadata['tier']:'metal'");
    let first = stripe
        .get(
            "/v1/products/search",
            &[query, ("limit", "2"), ("expand[]", "total_count")],
        )
        .await;
    assert_eq!(names(&first), ["Gold three", "Gold two"]);
    assert_eq!(
        (
            &first["object"],
            &first["url"],
            &first["has_more"],
            &first["total_count"]
        ),
        (
            &json!("search_result"),
            &json!("/v1/products/search"),
            &json!(true),
            &json!(3)
        )
    );
    let page = first["next_page"].as_str().unwrap();
    let second = stripe
        .get("/v1/products/search", &[query, ("limit", "2"), ("page", page)])
        .await;
    assert_eq!(names(&second), ["Gold one"]);
    assert_eq!(
        (&second["has_more"], &second["next_page"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(second.get("total_count"), None);
    for (form, param) in [
        (vec![], "query"),
        (vec![("query", "name")], "query"),
        (vec![("query", "price:'1'")], "query"),
        (vec![query, ("page", "x")], "page"),
        (vec![query, ("limit", "101")], "limit"),
    ] {
        let refused = stripe.refused("GET", "/v1/products/search", &form).await;
        assert_eq!(
            (refused.status, refused.body["error"]["param"].as_str()),
            (400, Some(param))
        );
    }
}

#[tokio::test]
async fn every_kind_is_found_by_its_own_fields_and_in_its_own_account() {
    let mut stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"].clone();
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let gone = id(&stripe.post("/v1/customers", &[("email", "buyer@example.com")]).await);
    stripe.delete(&format!("/v1/customers/{gone}"), &[]).await;
    let of_product = format!(
        "product:'{}' type:'recurring' currency:'usd'",
        product.as_str().unwrap()
    );
    let since = format!("created>={} status:'active'", subscription["created"]);
    let searches = [
        ("customers", "email:'Buyer@example.com'", customer.as_str()),
        ("prices", of_product.as_str(), price.as_str()),
        ("subscriptions", since.as_str(), subscription["id"].as_str().unwrap()),
        ("products", "active:'true' -name:'Silver'", product.as_str().unwrap()),
    ];
    for (kind, query, expected) in searches {
        let found = stripe.get(&format!("/v1/{kind}/search"), &[("query", query)]).await;
        let found: Vec<String> = found["data"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(found, [expected], "{kind}: {query}");
    }
    let expanded = [("query", since.as_str()), ("expand[]", "data.customer")];
    let found = stripe.get("/v1/subscriptions/search", &expanded).await;
    assert_eq!(found["data"][0]["customer"]["email"], "buyer@example.com");
    stripe.account = None;
    for (kind, query, _) in searches {
        let found = stripe.get(&format!("/v1/{kind}/search"), &[("query", query)]).await;
        assert_eq!(found["data"], json!([]), "{kind}");
    }
}
