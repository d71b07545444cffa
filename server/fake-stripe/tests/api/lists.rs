//! Lists and expanding.

use serde_json::Value;

use crate::support::{DAY, START, Stripe, id};

fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn pages_lead_through_everything_in_both_directions() {
    let stripe = Stripe::connected().await;
    let mut made = Vec::new();
    for number in 0..5 {
        made.insert(
            0,
            id(&stripe.post("/v1/customers", &[("name", &number.to_string())]).await),
        );
    }
    let first = stripe.get("/v1/customers", &[("limit", "2")]).await;
    assert_eq!(
        (ids(&first), first["has_more"].as_bool()),
        (made[0..2].to_vec(), Some(true))
    );
    let second = stripe
        .get("/v1/customers", &[("limit", "3"), ("starting_after", &made[1])])
        .await;
    assert_eq!(
        (ids(&second), second["has_more"].as_bool()),
        (made[2..5].to_vec(), Some(false))
    );
    let back = stripe
        .get("/v1/customers", &[("limit", "2"), ("ending_before", &made[3])])
        .await;
    assert_eq!(
        (ids(&back), back["has_more"].as_bool()),
        (made[1..3].to_vec(), Some(true))
    );
    for limit in ["0", "101", "x"] {
        assert_eq!(
            stripe.refused("GET", "/v1/customers", &[("limit", limit)]).await.status,
            400,
            "{limit}"
        );
    }
    assert_eq!(
        stripe
            .refused("GET", "/v1/customers", &[("starting_after", "cus_none")])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn lists_are_narrowed_by_time() {
    let stripe = Stripe::connected().await;
    stripe.post("/v1/customers", &[]).await;
    stripe.advance(DAY).await;
    let late = id(&stripe.post("/v1/customers", &[]).await);
    let after = (START + 1).to_string();
    assert_eq!(
        ids(&stripe.get("/v1/customers", &[("created[gte]", &after)]).await),
        [late]
    );
}

#[tokio::test]
async fn what_cannot_be_expanded_is_refused() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    let path = format!("/v1/subscriptions/{subscription}");
    for field in ["status", "nonsense", "a.b.c.d.e"] {
        assert_eq!(
            stripe.refused("GET", &path, &[("expand[]", field)]).await.status,
            400,
            "{field}"
        );
    }
    let listed = stripe
        .get(
            "/v1/subscriptions",
            &[("expand[]", "data.customer"), ("expand[]", "data.latest_invoice")],
        )
        .await;
    assert_eq!(listed["data"][0]["customer"]["id"], customer.as_str());
    assert_eq!(listed["data"][0]["latest_invoice"]["status"], "paid");
    let five = stripe
        .refused(
            "GET",
            "/v1/subscriptions",
            &[("expand[]", "data.items.data.price.product")],
        )
        .await;
    assert!(five.message().contains("more than 4 levels"), "{}", five.message());
    let four = stripe.get(&path, &[("expand[]", "items.data.price.product")]).await;
    assert_eq!(four["items"]["data"][0]["price"]["product"]["name"], "Gold");
}

#[tokio::test]
async fn a_page_follows_an_object_that_is_not_wanted_any_more() {
    let stripe = Stripe::connected().await;
    let prices = [
        stripe.price("A", 1, "month").await,
        stripe.price("B", 2, "month").await,
        stripe.price("C", 3, "month").await,
    ];
    stripe
        .post(&format!("/v1/prices/{}", prices[1]), &[("active", "false")])
        .await;
    let rest = stripe
        .get("/v1/prices", &[("active", "true"), ("starting_after", &prices[1])])
        .await;
    assert_eq!(ids(&rest), [prices[0].clone()]);
}

#[tokio::test]
async fn what_vanishes_at_stripe_is_not_found_and_told() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"]
        .as_str()
        .unwrap()
        .to_owned();
    let gone = reqwest::Client::new()
        .delete(format!("{}/_fake/objects/{product}", stripe.base()))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 200);
    assert_eq!(
        stripe
            .refused("GET", &format!("/v1/products/{product}"), &[])
            .await
            .code(),
        "resource_missing"
    );
    assert_eq!(stripe.event_types().await.last().unwrap(), "product.deleted");
}
