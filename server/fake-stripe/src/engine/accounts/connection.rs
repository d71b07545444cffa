//! Whether the platform has access to an account: taken away by its owner, closed with it, gone for good when the account
//! is deleted, given back through OAuth. While an account is closed or deleted, nothing happens in it by itself.

use serde_json::{Value, json};

use super::super::Engine;
use crate::fields::Fields;

impl Engine {
    /// The owner takes the platform's access away; what is in the account goes on without it.
    pub fn revoke(&mut self, id: &str) {
        self.lose(id, "revoked");
    }

    /// The owner closes the account. It looks the same to the platform, and nothing happens in it until it is connected again.
    pub fn close(&mut self, id: &str) {
        self.lose(id, "closed");
    }

    /// The account is deleted for good. No event tells of it: calls find out.
    pub fn delete_account(&mut self, id: &str) {
        self.hide(id, "deleted", true);
    }

    fn lose(&mut self, id: &str, how: &str) {
        let had_access = self.may_access(id).is_ok();
        self.hide(id, how, true);
        if had_access {
            self.emit_object(id, "account.application.deauthorized", application(), None);
        }
    }

    /// The platform gets access (again): through OAuth, or because a test says so. What became due meanwhile happens next.
    pub fn authorize(&mut self, id: &str) {
        let was_closed = self.hidden(id).flag("closed");
        self.hide(id, "revoked", false);
        self.hide(id, "closed", false);
        self.emit_object(id, "account.application.authorized", application(), None);
        if was_closed {
            for (object, at) in self.asleep(id) {
                self.hide(&object, "due_when_back", Value::Null);
                self.set_due(&object, Some(at));
            }
        }
    }

    /// Whether something that is due has to wait, because its account is closed or deleted.
    pub fn sleeps(&mut self, id: &str) -> bool {
        let account = self.account_of(id);
        let closed = self.hidden(&account).flag("closed") || self.hidden(&account).flag("deleted");
        if closed {
            let now = self.now();
            self.hide(id, "due_when_back", now);
        }
        closed
    }

    fn asleep(&self, account: &str) -> Vec<(String, i64)> {
        let all = self.records.in_order();
        all.into_iter()
            .filter(|record| record.account == account)
            .filter_map(|record| {
                Some((
                    record.json.text("id").to_owned(),
                    record.hidden.some_int("due_when_back")?,
                ))
            })
            .collect()
    }

    /// Whether an event reaches the platform: those of accounts it has no access to do not, except the one that says so.
    pub fn reaches_platform(&self, event: &str) -> bool {
        let event = self.get(event);
        let account = event.text("account");
        event.text("type") == "account.application.deauthorized" || self.may_access(account).is_ok()
    }
}

/// The platform's id as an application.
pub const APPLICATION: &str = "ca_FakeStripePlatform";

/// The platform, as Connect events about access show it.
fn application() -> Value {
    json!({"id": APPLICATION, "object": "application", "name": "The platform"})
}
