//! What a subscription item was billed: under flexible billing, a credit gives back what was really debited, not what the
//! item would cost now (docs.stripe.com/billing/subscriptions/billing-mode/compare).

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{engine::Engine, fields::Fields, money::share};

/// A line that an item was billed with, and what is left of it.
pub struct Debit {
    pub line: Value,
    /// The invoice it is on; empty while it waits for one.
    pub invoice: String,
    /// What its time from a moment on is worth, without what was given back already. Each line is rounded by itself.
    pub unused: i64,
}

/// A line that was given back, from a moment on.
struct Credited {
    line: String,
    from: i64,
}

impl Engine {
    /// What an item's time after a moment was billed with, the newest first. Time that was billed twice (a change without
    /// prorations began a new period) counts as the newest line has it.
    pub fn debits_of(&self, id: &str, item: &str, at: i64) -> Vec<Debit> {
        let waiting = self.hidden(id).items("pending_lines");
        let credited = self.credited(id);
        let invoices = self.counting_invoices(id).into_iter().rev();
        let lists = std::iter::once((String::new(), waiting)).chain(invoices.map(|invoice| {
            let lines = self.get(&invoice).items("lines.data");
            (invoice, lines)
        }));
        let mut counted: Vec<(i64, i64)> = Vec::new();
        let mut debits = Vec::new();
        for (invoice, lines) in lists {
            for line in lines.iter().rev() {
                let is_items = line.text("parent.subscription_item_details.subscription_item") == item;
                if !is_items || line.int("amount") <= 0 {
                    continue;
                }
                let (start, end) = (line.int("period.start"), line.int("period.end"));
                let given_back = credited.iter().filter(|known| known.line == line.text("id"));
                let left = (at.max(start), given_back.map(|known| known.from).fold(end, i64::min));
                let seconds = outside(left, &counted);
                if seconds > 0 {
                    counted.push(left);
                    debits.push(Debit {
                        line: line.clone(),
                        invoice: invoice.clone(),
                        unused: share(line.int("amount"), seconds, end - start),
                    });
                }
            }
        }
        debits
    }

    /// Invoices that were not taken back, and are not those of a change that is not in place yet.
    fn counting_invoices(&self, id: &str) -> Vec<String> {
        let mut invoices = self.invoices_of(id);
        invoices.retain(|id| self.get(id).text("status") != "void" && !self.hidden(id).flag("pending_update"));
        invoices
    }

    /// The lines that were given back already, by credits that wait or are on an invoice that counts.
    fn credited(&self, id: &str) -> Vec<Credited> {
        let known = self.hidden(id).items("credits");
        if known.is_empty() {
            return Vec::new();
        }
        let invoices = self.counting_invoices(id);
        let billed = invoices
            .iter()
            .flat_map(|invoice| self.get(invoice).items("lines.data"));
        let holding: HashSet<&str> = billed
            .chain(self.hidden(id).items("pending_lines"))
            .map(|line| line.text("id"))
            .collect();
        known
            .iter()
            .filter(|known| holding.contains(known.text("credit")))
            .map(|known| Credited {
                line: known.text("line").to_owned(),
                from: known.int("from"),
            })
            .collect()
    }

    /// Keeps in mind which lines a credit gives back from a moment on.
    pub fn remember_credit(&mut self, id: &str, credit: &str, from: i64, debits: &[Debit]) {
        let mut known = self.hidden(id).items("credits").to_vec();
        let lines = debits.iter().map(|debit| debit.line.text("id"));
        known.extend(lines.map(|line| json!({"credit": credit, "line": line, "from": from})));
        self.hide(id, "credits", known);
    }
}

/// What a credit says that it gives back: an invoice and its lines. Lines that wait for an invoice cannot be named.
pub fn credited_items(debits: &[Debit]) -> Option<(String, Vec<String>)> {
    let invoice = &debits.iter().find(|debit| !debit.invoice.is_empty())?.invoice;
    let lines = debits.iter().filter(|debit| debit.invoice == *invoice);
    Some((
        invoice.clone(),
        lines.map(|debit| debit.line.text("id").to_owned()).collect(),
    ))
}

/// The seconds of a span that lie outside of others.
fn outside(span: (i64, i64), others: &[(i64, i64)]) -> i64 {
    let mut rest = vec![span];
    for other in others {
        rest = rest
            .into_iter()
            .flat_map(|(start, end)| [(start, end.min(other.0)), (start.max(other.1), end)])
            .filter(|(start, end)| start < end)
            .collect();
    }
    rest.iter().map(|(start, end)| (end - start).max(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::outside;

    #[test]
    fn time_that_others_have_is_left_out() {
        assert_eq!(outside((10, 30), &[]), 20);
        assert_eq!(outside((10, 30), &[(0, 12), (20, 25)]), 13);
        assert_eq!(outside((10, 30), &[(0, 10), (30, 40)]), 20);
        assert_eq!(outside((10, 30), &[(5, 40)]), 0);
        assert_eq!(outside((30, 10), &[]), 0);
    }
}
