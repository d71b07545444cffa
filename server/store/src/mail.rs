//! Mail: by SMTP, or (without `SMTP_URL`) kept in memory for `/dev/mailbox` and written to the log.

use std::sync::{Arc, Mutex, PoisonError};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use model::Timestamp;

use crate::error::{Error, Result};

/// Letters kept in memory at most.
const KEPT: usize = 200;

/// A mail as it was, or would be, sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub sent_at: Timestamp,
}

/// Sends mail.
#[derive(Debug, Clone)]
pub enum Mailer {
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
    },
    /// Kept in memory; `log` writes each to the log as well (live mode without SMTP).
    Kept {
        letters: Arc<Mutex<Vec<Letter>>>,
        log: bool,
    },
}

impl Mailer {
    /// # Errors
    /// When `url` is no SMTP address (`smtp://`, `smtps://`) or `from` no mailbox; the text says which.
    pub fn smtp(url: &str, from: &str) -> Result<Self, String> {
        let from = from
            .parse()
            .map_err(|error| format!("MAIL_FROM is no mail address: {error}"))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| format!("SMTP_URL is no SMTP address: {error}"))?
            .build();
        Ok(Self::Smtp { transport, from })
    }

    pub fn kept(log: bool) -> Self {
        Self::Kept {
            letters: Arc::default(),
            log,
        }
    }

    /// What was kept, newest first; nothing when mail is really sent.
    pub fn letters(&self) -> Vec<Letter> {
        match self {
            Self::Smtp { .. } => Vec::new(),
            Self::Kept { letters, .. } => letters
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .iter()
                .rev()
                .cloned()
                .collect(),
        }
    }

    pub(crate) async fn send(&self, letter: Letter) -> Result<()> {
        match self {
            Self::Smtp { transport, from } => {
                let to: Mailbox = letter.to.parse().map_err(|error| Error::Mail(format!("{error}")))?;
                let message = Message::builder()
                    .from(from.clone())
                    .to(to)
                    .subject(letter.subject)
                    .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))
                    .map_err(|error| Error::Mail(error.to_string()))?;
                transport
                    .send(message)
                    .await
                    .map_err(|error| Error::Mail(error.to_string()))?;
            }
            Self::Kept { letters, log } => {
                if *log {
                    tracing::info!(
                        to = letter.to,
                        subject = letter.subject,
                        text = letter.text,
                        "mail (no SMTP_URL)"
                    );
                }
                let mut letters = letters.lock().unwrap_or_else(PoisonError::into_inner);
                letters.push(letter);
                let surplus = letters.len().saturating_sub(KEPT);
                letters.drain(..surplus);
            }
        }
        Ok(())
    }
}
