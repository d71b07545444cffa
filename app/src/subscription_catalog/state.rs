//! What the catalog's components read; what customers' call is in `customer_state`.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    catalog::{CatalogPlan, CatalogPrice, CatalogTier, CatalogView},
    id::TierId,
    interval::Interval,
};

use super::calls::catalog;
use crate::{
    community::current::{CommunityState, use_community},
    reading::{Reading, reading},
};

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct CatalogState {
    pub community: CommunityState,
    pub catalog: Reading<CatalogView>,
    /// What the address asks for.
    pub asked_interval: Signal<Option<Interval>>,
    pub asked_tier: Signal<Option<TierId>>,
}

impl CatalogState {
    pub fn provide() -> Self {
        let community = use_community();
        let query = use_query_map();
        let asked_interval = Memo::new(move |_| Interval::parse(&query.read().get("interval")?));
        let asked_tier = Memo::new(move |_| query.read().get("tier")?.parse().ok());
        let state = Self {
            community,
            catalog: reading(move || community.key(), |(slug, _)| catalog(slug)),
            asked_interval: asked_interval.into(),
            asked_tier: asked_tier.into(),
        };
        provide_context(state);
        state
    }
}

pub fn use_catalog() -> CatalogState {
    expect_context()
}

/// The interval to show when the address asks for none: the one the customer pays by, else by month.
pub fn first_interval(plans: &[CatalogPlan]) -> Interval {
    let paid_by = plans
        .iter()
        .filter_map(|plan| plan.yours.as_ref()?.price)
        .map(|(_, interval)| interval)
        .next();
    paid_by.unwrap_or(Interval::Month)
}

/// The tier's price at the interval, or the only one it has.
pub fn price_at(tier: &CatalogTier, interval: Interval) -> Option<CatalogPrice> {
    let at = tier.prices.iter().find(|price| price.interval == interval);
    at.or_else(|| tier.prices.first()).cloned()
}
