//! What happens by itself as time goes by: renewals, retries, expiries, phase changes. Called before every request and
//! when a clock is moved.

use super::Engine;

impl Engine {
    /// Does everything that is due on the general clock up to now, in its order.
    pub fn do_due(&mut self) {
        let now = self.time.now();
        self.do_due_until("", now);
    }

    /// Does everything that is due on a clock up to a moment, each thing at its own time.
    pub fn do_due_until(&mut self, clock: &str, until: i64) {
        // Every step moves the object's due time on; the limit only guards against a rule that does not.
        for _ in 0..1_000_000 {
            let Some((_, at, _, id)) = self.records.next_due(clock).filter(|due| due.1 <= until).cloned() else { break };
            self.moment = Some((clock.to_owned(), at));
            self.cause = (None, None);
            let done = self.transaction(|engine| {
                engine.set_due(&id, None);
                engine.due(&id);
                Ok(())
            });
            if let Err(refusal) = done {
                tracing::error!(id, message = refusal.message, "something due could not be done");
                self.set_due(&id, None);
            }
        }
        self.moment = None;
    }

    pub fn something_is_due(&self) -> bool {
        self.records.next_due("").is_some_and(|due| due.1 <= self.time.now())
    }

    fn due(&mut self, _id: &str) {}
}
