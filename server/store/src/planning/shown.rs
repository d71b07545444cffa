//! What the form of a tier shows.

use model::{fingerprint::Fingerprint, interval::Interval, money::Money};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use super::price_of;
use crate::{
    connect::Connection,
    entity::{Scoped, price, tier},
    error::Result,
    fingerprint,
};

/// Label, description, and the prices it is sold at on one account.
pub(super) fn of_tier(
    label: &str,
    description: &str,
    prices: impl IntoIterator<Item = (Interval, Money)>,
) -> Fingerprint {
    let price = |(interval, amount): (Interval, Money)| {
        format!("{} {} {}", interval.as_str(), amount.minor, amount.currency.code())
    };
    let mut prices: Vec<String> = prices.into_iter().map(price).collect();
    prices.sort_unstable();
    fingerprint::of(
        [label, description]
            .into_iter()
            .chain(prices.iter().map(String::as_str)),
    )
}

/// As it is by now.
pub(super) async fn of_row(
    db: &impl ConnectionTrait,
    connection: &Connection,
    row: &tier::Model,
) -> Result<Fingerprint> {
    let prices = price::Entity::within(connection.community)
        .filter(price::Column::ConnectionId.eq(connection.id.0))
        .filter(price::Column::TierId.eq(row.id))
        .filter(price::Column::Active.eq(true))
        .all(db)
        .await?;
    let prices: Vec<(Interval, Money)> = prices.iter().map(price_of).collect::<Result<_>>()?;
    Ok(of_tier(&row.label, &row.description, prices))
}
