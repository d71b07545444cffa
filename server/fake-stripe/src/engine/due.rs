//! What happens by itself as time goes by: renewals, retries, expiries, phase changes. Called before every request and
//! when a clock is moved.

use super::Engine;

impl Engine {
    /// Does everything that is due on the general clock up to now, in its order, each thing as a transaction at its own time.
    pub fn do_due(&mut self) {
        let now = self.time.now();
        while let Some((at, id)) = self.next_due("", now) {
            self.moment = Some((String::new(), at));
            self.cause = (None, None);
            // Nothing due refuses: its steps have no answer to give. What panics would for ever be due again.
            let done = self.transaction(|engine| {
                engine.due(&id);
                Ok(())
            });
            if done.is_err() {
                self.set_due(&id, None);
                self.changed = true;
            }
        }
        self.moment = None;
    }

    /// The same for a test clock, within the running transaction.
    pub fn work_off(&mut self, clock: &str, until: i64) {
        let before = self.moment.take();
        while let Some((at, id)) = self.next_due(clock, until) {
            self.moment = Some((clock.to_owned(), at));
            self.edit(clock, |object| object["frozen_time"] = at.into());
            self.due(&id);
        }
        self.moment = before;
    }

    /// From here on, within this transaction, it is the time that an object lives by.
    pub fn live_by(&mut self, id: &str) {
        let clock = self.clock_of(id);
        if !clock.is_empty() {
            self.moment = Some((clock.clone(), self.time_on(&clock)));
        }
    }

    pub fn something_is_due(&self) -> bool {
        self.records.next_due("").is_some_and(|due| due.1 <= self.time.now())
    }

    fn next_due(&self, clock: &str, until: i64) -> Option<(i64, String)> {
        let (_, at, _, id) = self.records.next_due(clock).filter(|due| due.1 <= until)?;
        Some((*at, id.clone()))
    }

    fn due(&mut self, id: &str) {
        // Every step plans the next one, later; what does not is done with.
        self.set_due(id, None);
        if self.sleeps(id) {
            return;
        }
        let kind = self
            .records
            .get(id)
            .map_or_else(String::new, |record| record.kind.clone());
        match kind.as_str() {
            "checkout.session" => self.expire_session(id),
            "invoice" => self.invoice_is_due(id),
            "subscription" => self.subscription_is_due(id),
            "subscription_schedule" => self.schedule_is_due(id),
            _ => {}
        }
    }
}
