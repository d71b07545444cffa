//! What a subscription item was billed: under flexible billing, a credit gives back what was really debited, not what the
//! item would cost now (docs.stripe.com/billing/subscriptions/billing-mode/compare).

use serde_json::Value;

use crate::{engine::Engine, fields::Fields, money::share};

/// The newest debits of an item that nothing has given back yet.
#[derive(Default)]
pub struct Debits {
    pub lines: Vec<Value>,
    /// The invoice they are on; empty while they wait for one.
    pub invoice: String,
}

impl Debits {
    pub fn ids(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.text("id").to_owned()).collect()
    }

    /// What their time from a moment on is worth: each line is rounded by itself.
    pub fn unused(&self, at: i64) -> i64 {
        let worth = |line: &Value| {
            let (start, end) = (line.int("period.start"), line.int("period.end"));
            share(line.int("amount"), end - at.max(start), end - start)
        };
        self.lines.iter().map(worth).sum()
    }
}

impl Engine {
    /// The debits that an item's time after a moment was billed with.
    pub fn debits_of(&self, id: &str, item: &str, at: i64) -> Debits {
        let of_item = |line: &&Value| {
            line.text("parent.subscription_item_details.subscription_item") == item
                && line.int("amount") > 0
                && line.int("period.end") > at
        };
        let waiting = self.hidden(id).items("pending_lines");
        let credited = self.credited(id);
        let open = |lines: &[Value]| -> Vec<Value> {
            lines
                .iter()
                .filter(of_item)
                .filter(|line| !credited.iter().any(|known| known == line.text("id")))
                .cloned()
                .collect()
        };
        let lines = open(waiting);
        if !lines.is_empty() {
            return Debits {
                lines,
                invoice: String::new(),
            };
        }
        let billed = self.counting_invoices(id).into_iter().rev().find_map(|invoice| {
            let lines = open(self.get(&invoice).items("lines.data"));
            (!lines.is_empty()).then_some(Debits { lines, invoice })
        });
        billed.unwrap_or_default()
    }

    /// Invoices that were not taken back, and are not those of a change that is not in place yet.
    fn counting_invoices(&self, id: &str) -> Vec<String> {
        let mut invoices = self.invoices_of(id);
        invoices.retain(|id| self.get(id).text("status") != "void" && !self.hidden(id).flag("pending_update"));
        invoices
    }

    /// The lines that were given back already.
    fn credited(&self, id: &str) -> Vec<String> {
        let texts =
            |list: &[Value]| -> Vec<String> { list.iter().filter_map(Value::as_str).map(str::to_owned).collect() };
        let by = |lines: &[Value]| -> Vec<String> {
            let credits = "parent.subscription_item_details.proration_details.credited_items.invoice_line_items";
            lines.iter().flat_map(|line| texts(line.items(credits))).collect()
        };
        let mut credited = texts(self.hidden(id).items("credited_waiting"));
        credited.extend(by(self.hidden(id).items("pending_lines")));
        for invoice in self.counting_invoices(id) {
            credited.extend(by(self.get(&invoice).items("lines.data")));
        }
        credited
    }

    /// Lines that wait for an invoice cannot be named by the credit that takes them back; they are remembered here.
    pub fn credit_waiting(&mut self, id: &str, lines: &[String]) {
        let mut credited = self.hidden(id).items("credited_waiting").to_vec();
        credited.extend(lines.iter().map(|line| Value::from(line.as_str())));
        self.hide(id, "credited_waiting", credited);
    }
}
