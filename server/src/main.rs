//! The server's command line. `serve` is the default: pages, webhooks and jobs in one process.

mod config;
#[cfg(feature = "fake-stripe")]
mod fake_mode;
#[cfg(test)]
mod http_tests;
mod migrate;
mod router;
mod routes;
mod running;
mod telemetry;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use config::Config;
use running::Part;

/// Xiome Store: memberships for communities, sold on their own Stripe accounts.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Pages, webhooks and jobs in one process (the default).
    Serve {
        /// Leave parts to other processes: `webhooks`, `jobs`, or both with a comma between.
        #[arg(long, value_delimiter = ',', value_name = "PARTS")]
        without: Vec<Part>,
    },
    /// The webhook listener alone, as its own small service.
    Webhooks,
    /// The jobs alone.
    Worker,
    /// Applies pending migrations and ends.
    Migrate,
    /// Reads the configuration, tells every problem, and ends.
    CheckConfig,
    /// Lists the types of events that the webhook endpoint at Stripe has to send.
    WebhookEvents,
    /// Compares every connected Stripe account with the store's tables, and tells what differs.
    Reconcile {
        /// Repair what differs: read it at Stripe again.
        #[arg(long)]
        apply: bool,
    },
    /// Puts a webhook event (`evt_…`) back to work.
    RetryEvent {
        /// Stripe's id of the event, or ours.
        id: String,
    },
    /// Lists what was tried for a day and still fails, with its last error.
    StuckJobs,
    /// Puts one of those back to work.
    RetryJob {
        /// As `stuck-jobs` lists it.
        id: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    // Real environment variables win over the file.
    let dot_env = dotenvy::dotenv();
    telemetry::start_logging();
    if let Err(error) = dot_env
        && !error.not_found()
    {
        tracing::warn!(%error, ".env cannot be read");
    }
    match run(Cli::parse().command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Option<Command>) -> anyhow::Result<ExitCode> {
    let command = command.unwrap_or(Command::Serve { without: Vec::new() });
    if matches!(command, Command::WebhookEvents) {
        // Asked for before there is anything to configure.
        println!("{}", store::webhooks::EVENT_TYPES.join("\n"));
        return Ok(ExitCode::SUCCESS);
    }
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(problems) => {
            eprintln!("The configuration has {} problem(s):", problems.len());
            for problem in problems {
                eprintln!("  {problem}");
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    match command {
        Command::Serve { without } => running::run(config, &without).await?,
        Command::Webhooks => running::run(config, &[Part::Pages, Part::Jobs]).await?,
        Command::Worker => running::run(config, &[Part::Pages, Part::Webhooks]).await?,
        Command::Migrate => {
            let database = store::Database::connect(&config.database_url).await?;
            migrate::migrate(&database, &config.database_url).await?;
            println!("The schema is up to date.");
        }
        Command::WebhookEvents => {}
        Command::CheckConfig => println!("The configuration is fine.\n{config}"),
        Command::Reconcile { apply } => {
            let store = running::store(&config, None).await?;
            let findings = store::stripe::background(store.reconcile(apply)).await?;
            for finding in &findings {
                println!("{finding}");
            }
            match (findings.len(), apply) {
                (0, _) => println!("Nothing differs."),
                (count, true) => println!("{count} found, and read again."),
                (count, false) => {
                    println!("{count} found. `server reconcile --apply` repairs them.");
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Command::RetryEvent { id } => {
            let store = running::store(&config, None).await?;
            if !store.retry_event(&id).await? {
                anyhow::bail!("there is no event {id}");
            }
            println!("The event will be worked again by the next worker that looks.");
        }
        Command::StuckJobs => {
            let store = running::store(&config, None).await?;
            let stuck = store.stuck_jobs().await?;
            for job in &stuck {
                let event = job.event.as_deref().unwrap_or("no event");
                println!(
                    "{} {} {} ({event}), since {}, {} attempts: {}",
                    job.id, job.kind, job.subject, job.since, job.attempts, job.last_error
                );
            }
            match stuck.len() {
                0 => println!("Nothing needs attention."),
                count => println!("{count} need attention. `server retry-job <id>` puts one back to work."),
            }
        }
        Command::RetryJob { id } => {
            let store = running::store(&config, None).await?;
            let known = match id.parse() {
                Ok(id) => store.retry_job(id).await?,
                Err(_) => false,
            };
            if !known {
                anyhow::bail!("no job {id} needs attention: `server stuck-jobs` lists what does");
            }
            println!("The job will be worked again by the next worker that looks.");
        }
    }
    Ok(ExitCode::SUCCESS)
}
