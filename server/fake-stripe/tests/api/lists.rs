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

#[tokio::test]
async fn only_ids_of_other_objects_are_expanded() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    stripe
        .post(
            &format!("/v1/customers/{customer}"),
            &[("description", &price), ("metadata[a]", &price)],
        )
        .await;
    let path = format!("/v1/customers/{customer}");
    for field in ["id", "description", "metadata.a"] {
        let refused = stripe.refused("GET", &path, &[("expand[]", field)]).await;
        assert_eq!(
            refused.message(),
            format!("This property cannot be expanded ({field}).")
        );
    }
    let query = [("expand[]", "invoice_settings.default_payment_method")];
    let shown = stripe.get(&path, &query).await;
    assert_eq!(
        shown["invoice_settings"]["default_payment_method"]["object"],
        "payment_method"
    );
}

#[tokio::test]
async fn refunds_and_the_secret_of_an_open_invoice_are_there_when_asked_for() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    let charge = id(&stripe.get("/v1/charges", &[]).await["data"][0]);
    let refund = id(&stripe
        .post("/v1/refunds", &[("charge", &charge), ("amount", "5")])
        .await);
    let shown = stripe
        .get(&format!("/v1/charges/{charge}"), &[("expand[]", "refunds")])
        .await;
    assert_eq!(shown["refunds"]["data"][0]["id"], refund.as_str());

    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("payment_behavior", "default_incomplete"),
        ("expand[]", "latest_invoice.confirmation_secret"),
    ];
    let open = stripe.post("/v1/subscriptions", &form).await;
    let secret = &open["latest_invoice"]["confirmation_secret"];
    assert_eq!(secret["type"], "payment_intent");
    let intents = stripe.get("/v1/payment_intents", &[]).await;
    assert_eq!(secret["client_secret"], intents["data"][0]["client_secret"]);
    let invoice = id(&open["latest_invoice"]);
    let paid = stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("paid_out_of_band", "true")])
        .await;
    assert_eq!(
        (
            paid["amount_paid_off_stripe"].as_i64(),
            paid["confirmation_secret"].is_null()
        ),
        (Some(1000), true)
    );
}

#[tokio::test]
async fn lists_filter_by_every_moment_they_are_asked_about() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    let (start, later) = (START.to_string(), (START + 1).to_string());
    for (path, query, found) in [
        ("/v1/subscriptions", ("current_period_start", &start), 1),
        ("/v1/subscriptions", ("current_period_start[gt]", &start), 0),
        ("/v1/subscriptions", ("current_period_end[lte]", &start), 0),
        ("/v1/subscriptions", ("current_period_end[gte]", &later), 1),
        ("/v1/subscriptions", ("automatic_tax[enabled]", &"true".to_owned()), 0),
        ("/v1/invoices", ("due_date[gte]", &start), 0),
        ("/v1/payment_methods", ("allow_redisplay", &"always".to_owned()), 0),
        ("/v1/payment_methods", ("allow_redisplay", &"unspecified".to_owned()), 1),
    ] {
        let mut form = vec![(query.0, query.1.as_str())];
        if path == "/v1/payment_methods" {
            form.push(("customer", &customer));
        }
        let list = stripe.get(path, &form).await;
        assert_eq!(ids(&list).len(), found, "{path} {query:?}");
    }
    let refused = stripe
        .refused("GET", "/v1/customers", &[("starting_after", "cus_none")])
        .await;
    assert_eq!(refused.message(), "No such customer: 'cus_none'");
}

/// What happens to the platform's own objects has no account.
#[tokio::test]
async fn the_platforms_events_are_listed() {
    let stripe = Stripe::start().await;
    stripe.post("/v1/products", &[("name", "Gold")]).await;
    let events = stripe.get("/v1/events", &[]).await;
    assert_eq!(events["data"][0]["type"], "product.created");
    assert!(events["data"][0].get("context").is_none());
}

#[tokio::test]
async fn events_are_listed_by_types_and_moments() {
    let stripe = Stripe::connected().await;
    stripe.post("/v1/products", &[("name", "Gold")]).await;
    stripe.advance(10).await;
    stripe.post("/v1/customers", &[]).await;
    let (start, later) = (START.to_string(), (START + 10).to_string());
    for (query, found) in [
        (vec![("types[]", "product.created"), ("types[]", "customer.created")], 2),
        (vec![("types[]", "customer.created")], 1),
        (vec![("type", "customer.*")], 1),
        (vec![("created", later.as_str())], 1),
        (vec![("created[gt]", start.as_str())], 1),
        (vec![("created[lte]", start.as_str()), ("type", "product.created")], 1),
        (vec![("created[lt]", start.as_str())], 0),
    ] {
        assert_eq!(ids(&stripe.get("/v1/events", &query).await).len(), found, "{query:?}");
    }
    let both = [("type", "customer.created"), ("types[]", "customer.created")];
    assert_eq!(
        stripe.refused("GET", "/v1/events", &both).await.message(),
        "You may pass either `type` or `types`, but not both."
    );
    let many = [("types[]", "customer.created"); 21];
    assert_eq!(stripe.refused("GET", "/v1/events", &many).await.status, 400);
}
