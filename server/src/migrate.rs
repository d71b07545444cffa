//! Applies pending migrations, safely when several processes start at once: one works, the others wait.

use anyhow::Context;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait};
use store::Database;

/// Any number that nothing else uses as an advisory lock.
const ADVISORY_LOCK: i64 = 0x0078_696f_6d65;

/// # Errors
/// When a migration fails.
pub async fn migrate(database: &Database, url: &str) -> anyhow::Result<()> {
    if let Some(path) = sqlite_path(url) {
        let lock = std::fs::File::create(format!("{path}.migrating"))
            .with_context(|| format!("cannot lock {path} for migrations"))?;
        let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
        Migrator::up(database.write(), None).await.context("migrations")?;
        drop(lock);
    } else {
        // The lock belongs to one connection, which is why it is not taken from the pool.
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).min_connections(1).sqlx_logging(false);
        let locked = sea_orm::Database::connect(options).await?;
        locked
            .execute_unprepared(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})"))
            .await?;
        let done = Migrator::up(database.write(), None).await.context("migrations");
        locked
            .execute_unprepared(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})"))
            .await?;
        locked.close().await?;
        done?;
    }
    Ok(())
}

/// The file of a `sqlite:` address.
fn sqlite_path(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    rest.trim_start_matches("//")
        .split('?')
        .next()
        .filter(|path| !path.is_empty() && *path != ":memory:")
}

/// Whether every migration is applied.
pub async fn is_up_to_date(database: &Database) -> bool {
    Migrator::get_pending_migrations_read_only(database.read())
        .await
        .is_ok_and(|pending| pending.is_empty())
}
