//! Webhooks: verified, stored with their job in one transaction, answered; worked later (see [`crate::jobs`]).
//!
//! Called by the webhook route of `server`, which maps [`Rejected`] to a status.

use chrono::DateTime;
use sea_orm::{EntityTrait, IntoActiveModel, sea_query::OnConflict};
use serde_json::Value;

use crate::{
    Store,
    entity::webhook_event,
    error::Result,
    jobs::{NOT_OURS, RECEIVED},
};

mod events;
mod signature;
mod work;

pub use events::EVENT_TYPES;

/// An event is taken within this many seconds of its signature's time (<https://docs.stripe.com/webhooks#replay-attacks>).
pub const TOLERANCE_SECONDS: i64 = 300;

/// Why an event was not taken: the sender's fault, a 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("the Stripe-Signature header is missing or broken")]
    NoSignature,
    #[error("no signature in the Stripe-Signature header matches the body")]
    BadSignature,
    #[error("the signature is older than 300 seconds, or from the future")]
    TooOld,
    #[error("the body is no event: UTF-8 JSON with an id and a type is expected")]
    NoEvent,
}

/// What became of a delivered event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    New,
    /// Seen before.
    Again,
}

/// What we read of an event at once; everything else is read from Stripe.
#[derive(Debug)]
struct Envelope {
    id: String,
    kind: String,
    account: String,
    livemode: bool,
    created: Option<i64>,
    api_version: Option<String>,
    object_id: Option<String>,
    object_kind: Option<String>,
    payload: String,
}

impl Envelope {
    /// Lenient: what is of another shape than we know is as good as missing, except `id` and `type`.
    fn read(body: &[u8]) -> Result<Self, Rejected> {
        let payload = std::str::from_utf8(body).map_err(|_| Rejected::NoEvent)?;
        let value: Value = serde_json::from_str(payload).map_err(|_| Rejected::NoEvent)?;
        let string = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let required = |key: &str| {
            string(&value, key)
                .filter(|text| !text.is_empty())
                .ok_or(Rejected::NoEvent)
        };
        let object = value.pointer("/data/object");
        // It becomes part of an address at Stripe.
        let is_id = |id: &String| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        Ok(Self {
            id: required("id")?,
            kind: required("type")?,
            account: string(&value, "account").unwrap_or_default(),
            livemode: value.get("livemode").and_then(Value::as_bool).unwrap_or_default(),
            created: value.get("created").and_then(Value::as_i64),
            api_version: string(&value, "api_version"),
            object_id: object.and_then(|object| string(object, "id")).filter(is_id),
            object_kind: object.and_then(|object| string(object, "object")),
            payload: payload.to_owned(),
        })
    }
}

impl Store {
    /// Verifies and stores an event. `Ok(Err(_))` is the sender's fault; `Err(_)` means that it could not be stored.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn receive_webhook(&self, header: Option<&str>, body: &[u8]) -> Result<Result<Taken, Rejected>> {
        let now = self.now();
        let secrets = &self.settings().webhook_secrets;
        if let Err(rejected) = signature::verify(header, body, secrets, now.timestamp()) {
            return Ok(Err(rejected));
        }
        let envelope = match Envelope::read(body) {
            Ok(envelope) => envelope,
            Err(rejected) => return Ok(Err(rejected)),
        };
        // Those of the other mode come to a live endpoint as well, and are about objects whose ids may be the same.
        let is_ours = envelope.livemode == self.settings().livemode;
        let row = webhook_event::Model {
            id: self.randomness().id(now),
            object_id: envelope.object_id,
            object_kind: envelope.object_kind,
            account: envelope.account,
            stripe_id: envelope.id,
            kind: envelope.kind,
            livemode: envelope.livemode,
            api_version: envelope.api_version,
            created_at: envelope
                .created
                .and_then(|at| DateTime::from_timestamp(at, 0))
                .unwrap_or(now),
            received_at: now,
            payload: envelope.payload,
            state: if is_ours { RECEIVED } else { NOT_OURS }.to_owned(),
            note: (!is_ours).then(|| "the event is of the other mode (live or test)".to_owned()),
        };
        let transaction = self.database().begin().await?;
        let inserted = webhook_event::Entity::insert(row.clone().into_active_model())
            .on_conflict(
                OnConflict::columns([webhook_event::Column::Account, webhook_event::Column::StripeId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&transaction)
            .await?;
        if inserted == 0 {
            transaction.rollback().await?;
            return Ok(Ok(Taken::Again));
        }
        if is_ours {
            self.enqueue_event(&transaction, &row).await?;
        }
        transaction.commit().await?;
        self.jobs_arrived();
        metrics::counter!("webhook_events_total", "type" => row.kind).increment(1);
        Ok(Ok(Taken::New))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_needs_an_id_and_a_type_and_nothing_else() {
        let read = Envelope::read(br#"{"id":"evt_1","type":"invoice.paid","data":{"object":[]},"created":"soon"}"#);
        let envelope = read.expect("an event");
        assert_eq!(
            (envelope.id.as_str(), envelope.kind.as_str()),
            ("evt_1", "invoice.paid")
        );
        assert_eq!(envelope.object_id, None);
        for broken in [
            &b"\xff"[..],
            b"",
            b"[]",
            b"\"evt_1\"",
            b"{}",
            br#"{"id":"evt_1"}"#,
            br#"{"id":"","type":"x"}"#,
        ] {
            assert_eq!(Envelope::read(broken).expect_err("no event"), Rejected::NoEvent);
        }
    }
}
