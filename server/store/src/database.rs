//! The database: `SQLite` (one writer, readers beside it, WAL) or `PostgreSQL`, behind one type.
//!
//! Rule: Stripe is never awaited inside a transaction, and inside one only its own handle is used.

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

/// Connection pools; cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Connects to `sqlite://path`, or to `postgres://…`. A `SQLite` file and its folder are made when missing.
    ///
    /// # Errors
    /// When the address is none, or the database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            make_folder(url)?;
            let writer = sea_orm::Database::connect(sqlite(url, 1)).await?;
            let reader = sea_orm::Database::connect(sqlite(url, 4)).await?;
            Ok(Self { writer, reader })
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .sqlx_logging(false);
            let pool = sea_orm::Database::connect(options).await?;
            Ok(Self {
                writer: pool.clone(),
                reader: pool,
            })
        }
    }

    /// For reading only.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For migrations and single statements that write.
    pub fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that writes: `IMMEDIATE` on `SQLite`, so that two of them wait instead of failing.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let sqlite_transaction_mode = self.is_sqlite().then_some(SqliteTransactionMode::Immediate);
        self.writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode,
                ..Default::default()
            })
            .await
    }

    /// From here to its end, this transaction alone writes about `what`. On `SQLite` a transaction that writes is alone
    /// anyway.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn serialise(&self, transaction: &DatabaseTransaction, what: &str) -> Result<(), DbErr> {
        if self.is_sqlite() {
            return Ok(());
        }
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            [what.into()],
        );
        transaction.execute_raw(lock).await.map(drop)
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// Closes the pools.
    pub async fn close(self) {
        // What is left to close when the process ends is closed by the operating system.
        let _ = self.reader.close().await;
        let _ = self.writer.close().await;
    }
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(20))
        });
    options
}

fn make_folder(url: &str) -> Result<(), DbErr> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    match Path::new(path).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| DbErr::Custom(format!("cannot make the folder {}: {error}", folder.display()))),
        _ => Ok(()),
    }
}
