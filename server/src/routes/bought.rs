//! `GET /c/{slug}/bought`: where who paid in the same tab comes back to. Asks Stripe what came of it first, so that the
//! catalog it goes on to knows: without JavaScript nothing would tell that page later.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Redirect,
};
use model::id::PlanId;
use serde::Deserialize;
use store::{Result, Store};

use super::signed_in;

#[derive(Debug, Deserialize)]
pub struct Bought {
    #[serde(default)]
    plan: String,
}

pub async fn look(
    State(store): State<Store>,
    Path(slug): Path<String>,
    Query(bought): Query<Bought>,
    headers: HeaderMap,
) -> Redirect {
    let Ok(visitor) = signed_in::visitor(&store, &headers, &slug).await else {
        return Redirect::to("/");
    };
    let looked: Result<()> = async {
        let plan: PlanId = bought.plan.parse()?;
        store.shopping().purchase_state(&visitor.customer()?, plan).await?;
        Ok(())
    }
    .await;
    if let Err(error) = looked {
        // Its webhook brings it.
        tracing::info!(%error, "a purchase could not be looked at");
    }
    Redirect::to(&format!("/c/{slug}"))
}
