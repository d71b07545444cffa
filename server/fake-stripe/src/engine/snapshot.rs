//! What is written to the state file and read back: everything that must survive a restart.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Engine;
use crate::{
    clock::Time,
    http::idempotency::Remembered,
    ids::Ids,
    outbox::Outbox,
    records::{Record, Records},
};

#[derive(Serialize)]
pub struct Snapshot<'a> {
    ids: &'a Ids,
    time: &'a Time,
    outbox: &'a Outbox,
    remembered: &'a Remembered,
    records: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
pub struct Saved {
    ids: Ids,
    time: Time,
    outbox: Outbox,
    pub remembered: Remembered,
    records: Vec<Record>,
}

impl Engine {
    /// Errors: never in practice; everything is plain JSON.
    pub fn snapshot<'a>(&'a mut self, remembered: &'a Remembered) -> serde_json::Result<Snapshot<'a>> {
        self.changed = false;
        let records = self.records.saved()?;
        Ok(Snapshot {
            ids: &self.ids,
            time: &self.time,
            outbox: &self.outbox,
            remembered,
            records,
        })
    }

    /// Takes over what was saved; answers the remembered answers.
    pub fn restore(&mut self, saved: Saved) -> Remembered {
        self.ids = saved.ids;
        // A clock that stands still stays where it was; one of another kind is what was asked for at this start.
        if self.time.is_fixed() == saved.time.is_fixed() {
            self.time = saved.time;
        }
        self.outbox = saved.outbox;
        self.records = Records::from_saved(saved.records);
        saved.remembered
    }
}
