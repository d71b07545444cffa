//! The only truth about the schema. `server` applies what is pending at start; the tests of `store` do the same.
//!
//! One file a concern, in the order they build on each other; a later change is a new file, never an edit.

use sea_orm_migration::prelude::*;

mod m20261122_000001_people;
mod m20261122_000002_communities;
mod m20261122_000003_stripe_accounts;
mod m20261122_000004_planning;
mod m20261122_000005_sales;
mod m20261122_000006_work;
mod m20261122_000007_posts;
mod m20261124_000008_situations;
mod m20261124_000010_stripe_write;
mod m20261125_000011_paying_card;
mod m20261126_000012_stripe_platform;
mod table;

pub use sea_orm_migration::MigratorTrait;

/// Applies the migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_people::Migration),
            Box::new(m20261122_000002_communities::Migration),
            Box::new(m20261122_000003_stripe_accounts::Migration),
            Box::new(m20261122_000004_planning::Migration),
            Box::new(m20261122_000005_sales::Migration),
            Box::new(m20261122_000006_work::Migration),
            Box::new(m20261122_000007_posts::Migration),
            Box::new(m20261124_000008_situations::Migration),
            Box::new(m20261124_000010_stripe_write::Migration),
            Box::new(m20261125_000011_paying_card::Migration),
            Box::new(m20261126_000012_stripe_platform::Migration),
        ]
    }
}
