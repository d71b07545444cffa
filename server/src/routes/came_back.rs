//! `GET /c/{slug}/bought`, `/c/{slug}/card-saved` and `/c/{slug}/onboarded`: where who went to Stripe in the same tab comes back to. Asks Stripe
//! first what came of it, so that the page it goes on to knows: without JavaScript nothing would tell that page later.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Redirect,
};
use model::id::PlanId;
use serde::Deserialize;
use store::{Result, Store, actor::Visitor};

use super::signed_in;

#[derive(Debug, Deserialize)]
pub struct Bought {
    #[serde(default)]
    plan: String,
}

/// To the catalog.
pub async fn bought(
    State(store): State<Store>,
    Path(slug): Path<String>,
    Query(bought): Query<Bought>,
    headers: HeaderMap,
) -> Redirect {
    let Ok(visitor) = signed_in::visitor(&store, &headers, &slug).await else {
        return Redirect::to("/");
    };
    go_on(look_at_purchase(&store, &visitor, &bought.plan).await);
    Redirect::to(&format!("/c/{slug}"))
}

/// To the membership page, where the card pays now.
pub async fn card_saved(State(store): State<Store>, Path(slug): Path<String>, headers: HeaderMap) -> Redirect {
    let Ok(visitor) = signed_in::visitor(&store, &headers, &slug).await else {
        return Redirect::to("/");
    };
    go_on(look_at_card(&store, &visitor).await);
    Redirect::to(&format!("/c/{slug}/membership"))
}

/// To the merchant's page of the account.
pub async fn onboarded(State(store): State<Store>, Path(slug): Path<String>, headers: HeaderMap) -> Redirect {
    let Ok(visitor) = signed_in::visitor(&store, &headers, &slug).await else {
        return Redirect::to("/");
    };
    go_on(look_at_account(&store, &visitor).await);
    Redirect::to(&format!("/c/{slug}/manage/store"))
}

async fn look_at_purchase(store: &Store, visitor: &Visitor, plan: &str) -> Result<()> {
    let plan: PlanId = plan.parse()?;
    store.shopping().purchase_state(&visitor.customer()?, plan).await?;
    Ok(())
}

async fn look_at_card(store: &Store, visitor: &Visitor) -> Result<()> {
    store.cards().state(&visitor.customer()?).await?;
    Ok(())
}

async fn look_at_account(store: &Store, visitor: &Visitor) -> Result<()> {
    store.connect().refresh(&visitor.clerk()?).await?;
    Ok(())
}

/// What cannot be looked at now is brought by its webhook.
fn go_on(looked: Result<()>) {
    if let Err(error) = looked {
        tracing::info!(%error, "what came of a visit at Stripe could not be looked at");
    }
}
