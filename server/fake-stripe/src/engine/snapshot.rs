//! What is written to the state file and read back: everything that must survive a restart.

use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::Engine;
use crate::{
    clock::Time,
    http::{faults::Faults, idempotency::Remembered, limits::Allowed},
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

/// Everything there is, for tests that go back to where they were (`GET` and `PUT /_fake/state`).
#[derive(Serialize)]
pub struct Whole<'a> {
    /// The time at that moment: a clock that runs goes on from here.
    now: i64,
    origin: &'a str,
    ids: &'a Ids,
    time: &'a Time,
    outbox: &'a Outbox,
    remembered: &'a Remembered,
    faults: &'a Faults,
    limits: Allowed,
    records: Vec<&'a Record>,
}

#[derive(Deserialize)]
pub struct SavedWhole {
    now: i64,
    origin: String,
    ids: Ids,
    time: Time,
    outbox: Outbox,
    remembered: Remembered,
    #[serde(default)]
    pub faults: Faults,
    #[serde(default)]
    pub limits: Allowed,
    records: Vec<Record>,
}

impl Engine {
    pub fn whole<'a>(&'a self, remembered: &'a Remembered, faults: &'a Faults, limits: Allowed) -> Whole<'a> {
        Whole {
            now: self.time.now(),
            origin: &self.origin,
            ids: &self.ids,
            time: &self.time,
            outbox: &self.outbox,
            remembered,
            faults,
            limits,
            records: self.records.in_order(),
        }
    }

    /// Becomes what was saved, at the time when it was saved. Only where events go and where the hosted pages are stays:
    /// that belongs to the process, not to the state.
    pub fn replace(&mut self, saved: SavedWhole) -> Remembered {
        self.ids = saved.ids;
        self.time = saved.time;
        self.time.set(saved.now);
        let (url, secret) = (self.outbox.url.take(), std::mem::take(&mut self.outbox.secret));
        self.outbox = Outbox {
            url,
            secret,
            ..saved.outbox
        };
        let mut records = saved.records;
        if saved.origin != self.origin {
            let (old, new) = (format!("{}/", saved.origin), format!("{}/", self.origin));
            for record in &mut records {
                move_pages(&mut record.json, &old, &new);
                move_pages(&mut record.hidden, &old, &new);
            }
        }
        self.records = Records::from_saved(records);
        self.changed = true;
        let mut remembered = saved.remembered;
        remembered.drop_unfinished();
        remembered
    }
}

/// Addresses of hosted pages begin with the origin of the process that shows them.
fn move_pages(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(old) {
                *text = format!("{new}{rest}");
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| move_pages(inner, old, new)),
        Value::Object(map) => map.values_mut().for_each(|inner| move_pages(inner, old, new)),
        _ => {}
    }
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
