use crate::{STORE, browser::Browser, support::Stripe};

const FILLED: [(&str, &str); 4] = [
    ("business_name", "Nova Club"),
    ("country", "DE"),
    ("email", "owner@example.org"),
    ("bank_account", "DE89 3704 0044 0532 0130 00"),
];

async fn account(stripe: &Stripe) -> String {
    let made = stripe
        .post("/v1/accounts", &[("type", "standard"), ("country", "DE")])
        .await;
    made["id"].as_str().unwrap().to_owned()
}

async fn link(stripe: &Stripe, account: &str) -> String {
    let (refresh, back) = (format!("{STORE}/refresh"), format!("{STORE}/return?popup=1"));
    let form = [
        ("account", account),
        ("type", "account_onboarding"),
        ("refresh_url", &refresh),
        ("return_url", &back),
    ];
    stripe.post("/v1/account_links", &form).await["url"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Opens a fresh link; answers the form's address.
async fn open_form(stripe: &Stripe, browser: &Browser, account: &str) -> String {
    let opened = browser.open(&link(stripe, account).await).await;
    assert_eq!(opened.status, 303);
    opened.location
}

fn with(outcome: &'static str, step: &'static str) -> Vec<(&'static str, &'static str)> {
    FILLED
        .into_iter()
        .chain([("outcome", outcome), ("step", step)])
        .collect()
}

#[tokio::test]
async fn a_link_opens_once_and_then_leads_to_the_refresh_address() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let url = link(&stripe, &account(&stripe).await).await;
    browser.follow(&url).await.must_show("Set up your account");
    assert_eq!(browser.open(&url).await.location, format!("{STORE}/refresh"));
    stripe.stop().await;
}

#[tokio::test]
async fn a_link_that_is_too_old_leads_to_the_refresh_address() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let url = link(&stripe, &account(&stripe).await).await;
    stripe.advance(3600).await;
    assert_eq!(browser.open(&url).await.location, format!("{STORE}/refresh"));
    stripe.stop().await;
}

#[tokio::test]
async fn the_form_can_be_reloaded_after_its_link_is_used_up() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let form = open_form(&stripe, &browser, &account(&stripe).await).await;
    for _ in 0..2 {
        browser.open(&form).await.must_show("Agree and submit");
    }
    stripe.stop().await;
}

#[tokio::test]
async fn finishing_later_leads_back_with_the_account_incomplete() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let account = account(&stripe).await;
    let form = open_form(&stripe, &browser, &account).await;
    let answer = browser.submit(&form, &with("ready", "later")).await;
    assert_eq!(answer.location, format!("{STORE}/return?popup=1"));
    let known = stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
    assert_eq!(
        (&known["details_submitted"], &known["charges_enabled"]),
        (&false.into(), &false.into())
    );
    assert!(!known["requirements"]["currently_due"].as_array().unwrap().is_empty());
    stripe.stop().await;
}

#[tokio::test]
async fn what_was_typed_is_written_into_the_account_and_told() {
    let mut stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let account = account(&stripe).await;
    let form = open_form(&stripe, &browser, &account).await;
    let answer = browser.submit(&form, &with("ready", "submit")).await;
    assert_eq!(answer.location, format!("{STORE}/return?popup=1"));
    let known = stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
    assert_eq!(known["business_profile"]["name"], "Nova Club");
    assert_eq!(known["email"], "owner@example.org");
    assert_eq!(known["default_currency"], "eur");
    assert_eq!(known["charges_enabled"], true);
    stripe.account = Some(account);
    assert!(stripe.event_types().await.contains(&"account.updated".to_owned()));
    stripe.stop().await;
}

#[tokio::test]
async fn each_outcome_brings_the_account_into_its_state() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    for (outcome, charges, reason) in [
        ("ready", true, None),
        ("due_soon", true, None),
        ("under_review", false, Some("under_review")),
        ("restricted", false, Some("requirements.past_due")),
        ("rejected", false, Some("rejected.fraud")),
    ] {
        let account = account(&stripe).await;
        let form = open_form(&stripe, &browser, &account).await;
        browser.submit(&form, &with(outcome, "submit")).await;
        let known = stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
        assert_eq!(known["details_submitted"], true, "{outcome}");
        assert_eq!(known["charges_enabled"], charges, "{outcome}");
        assert_eq!(known["requirements"]["disabled_reason"].as_str(), reason, "{outcome}");
        let asks = !known["requirements"]["current_deadline"].is_null();
        assert_eq!(asks, outcome == "due_soon", "{outcome}");
    }
    stripe.stop().await;
}

#[tokio::test]
async fn mistakes_are_told_and_what_was_typed_is_kept() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let account = account(&stripe).await;
    let form = open_form(&stripe, &browser, &account).await;
    let typed = [
        ("business_name", " "),
        ("country", "DE"),
        ("email", "<nobody>"),
        ("bank_account", "12"),
        ("outcome", "ready"),
        ("step", "submit"),
    ];
    let page = browser.submit(&form, &typed).await;
    page.must_show("Enter the name of your business.");
    page.must_show("Enter an e-mail address");
    page.must_show("4 to 34 letters and digits");
    assert_eq!(page.value("email"), "&lt;nobody&gt;");
    let known = stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
    assert_eq!(known["details_submitted"], false);
    stripe.stop().await;
}

#[tokio::test]
async fn a_link_of_another_account_does_not_exist() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    let (mine, other) = (account(&stripe).await, account(&stripe).await);
    let url = link(&stripe, &mine).await.replace(&mine, &other);
    assert_eq!(browser.open(&url).await.status, 404);
    stripe.stop().await;
}
