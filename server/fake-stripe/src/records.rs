//! Every object there is, with what Stripe would know about it but not show. Changes are journalled, so that a refused
//! request leaves nothing behind. Used by the engine only.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The account it belongs to; empty for the platform's own.
    pub account: String,
    pub kind: String,
    /// The order in which objects were made.
    pub seq: u64,
    pub json: Value,
    /// What the object's JSON does not show (a card's number, a subscription's anchor).
    #[serde(default)]
    pub hidden: Value,
    /// When something has to happen to it by itself (Unix seconds).
    #[serde(default)]
    pub due: Option<i64>,
    /// The test clock it lives by; empty for the general one.
    #[serde(default)]
    pub clock: String,
}

/// Clock, moment, order among equals, id.
pub type Due = (String, i64, u64, String);

#[derive(Debug, Default)]
pub struct Records {
    all: HashMap<String, Record>,
    lists: HashMap<(String, String), BTreeMap<u64, String>>,
    due: BTreeSet<Due>,
    next_seq: u64,
    /// Objects as they were saved last: most do not change from one save to the next.
    saved: HashMap<String, Box<RawValue>>,
    journal: Vec<(String, Option<Record>)>,
}

impl Records {
    pub fn from_saved(saved: Vec<Record>) -> Self {
        let mut records = Self::default();
        for record in saved {
            records.next_seq = records.next_seq.max(record.seq + 1);
            let id = id_of(&record.json);
            records.put(id, Some(record));
        }
        records
    }

    /// All of them as JSON.
    ///
    /// Errors: never in practice; a record is plain JSON.
    pub fn saved(&mut self) -> serde_json::Result<Vec<&RawValue>> {
        for (id, record) in &self.all {
            if !self.saved.contains_key(id) {
                self.saved.insert(id.clone(), serde_json::value::to_raw_value(record)?);
            }
        }
        Ok(self.saved.values().map(AsRef::as_ref).collect())
    }

    /// All of them, in the order in which they were made.
    pub fn in_order(&self) -> Vec<&Record> {
        let mut all: Vec<&Record> = self.all.values().collect();
        all.sort_by_key(|record| record.seq);
        all
    }

    pub fn get(&self, id: &str) -> Option<&Record> {
        self.all.get(id)
    }

    pub fn insert(&mut self, account: &str, clock: &str, json: Value) {
        let id = id_of(&json);
        let kind = json
            .get("object")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let seq = self.next_seq;
        self.next_seq += 1;
        let record = Record {
            account: account.to_owned(),
            kind,
            seq,
            json,
            hidden: Value::Object(Map::new()),
            due: None,
            clock: clock.to_owned(),
        };
        self.change(id, Some(record));
    }

    pub fn remove(&mut self, id: &str) {
        self.change(id.to_owned(), None);
    }

    /// Changes one object; nothing happens when it does not exist.
    pub fn edit(&mut self, id: &str, change: impl FnOnce(&mut Record)) {
        let Some(before) = self.all.get(id) else { return };
        let mut record = before.clone();
        change(&mut record);
        self.change(id.to_owned(), Some(record));
    }

    /// Ids of an account's objects of a kind, oldest first.
    pub fn list(&self, account: &str, kind: &str) -> impl DoubleEndedIterator<Item = &str> {
        self.lists
            .get(&(account.to_owned(), kind.to_owned()))
            .into_iter()
            .flat_map(|list| list.values().map(String::as_str))
    }

    /// The next thing that is due on a clock.
    pub fn next_due(&self, clock: &str) -> Option<&Due> {
        let from = (clock.to_owned(), i64::MIN, 0, String::new());
        self.due.range(from..).next().filter(|due| due.0 == clock)
    }

    /// Whether something changed since `begin`.
    pub fn is_changed(&self) -> bool {
        !self.journal.is_empty()
    }

    /// From here on changes can be taken back.
    pub fn begin(&mut self) {
        self.journal.clear();
    }

    /// Takes back what was changed since `begin`.
    pub fn roll_back(&mut self) {
        self.roll_back_to(0);
    }

    /// A point to roll back to.
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Takes back what was changed since a mark.
    pub fn roll_back_to(&mut self, mark: usize) {
        while self.journal.len() > mark {
            if let Some((id, before)) = self.journal.pop() {
                self.put(id, before);
            }
        }
    }

    fn change(&mut self, id: String, record: Option<Record>) {
        let before = self.put(id.clone(), record);
        self.journal.push((id, before));
    }

    fn put(&mut self, id: String, record: Option<Record>) -> Option<Record> {
        let before = self.all.remove(&id);
        self.saved.remove(&id);
        if let Some(before) = &before {
            if let Some(list) = self.lists.get_mut(&(before.account.clone(), before.kind.clone())) {
                list.remove(&before.seq);
            }
            if let Some(due) = due_of(&id, before) {
                self.due.remove(&due);
            }
        }
        if let Some(record) = record {
            self.lists
                .entry((record.account.clone(), record.kind.clone()))
                .or_default()
                .insert(record.seq, id.clone());
            if let Some(due) = due_of(&id, &record) {
                self.due.insert(due);
            }
            self.all.insert(id, record);
        }
        before
    }
}

fn id_of(json: &Value) -> String {
    json.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn due_of(id: &str, record: &Record) -> Option<Due> {
    // A schedule changes its subscription's price before that renews at the same moment.
    let rank = u64::from(record.kind != "subscription_schedule");
    record.due.map(|at| (record.clock.clone(), at, rank, id.to_owned()))
}
