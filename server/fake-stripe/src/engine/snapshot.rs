//! What is written to the state file and read back: everything that must survive a restart.

use serde::{Deserialize, Serialize};

use super::Engine;
use crate::{clock::Time, http::idempotency::Remembered, ids::Ids, outbox::Outbox, records::{Record, Records}};

#[derive(Serialize)]
pub struct Snapshot<'a> {
    ids: &'a Ids,
    time: &'a Time,
    outbox: &'a Outbox,
    remembered: &'a Remembered,
    records: Vec<&'a Record>,
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
    pub fn snapshot<'a>(&'a self, remembered: &'a Remembered) -> Snapshot<'a> {
        Snapshot { ids: &self.ids, time: &self.time, outbox: &self.outbox, remembered, records: self.records.to_save() }
    }

    /// Takes over what was saved; answers the remembered answers.
    pub fn restore(&mut self, saved: Saved) -> Remembered {
        self.ids = saved.ids;
        self.time = saved.time;
        self.outbox = saved.outbox;
        self.records = Records::from_saved(saved.records);
        saved.remembered
    }
}
