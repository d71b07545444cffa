//! Subscription schedules (`/v1/subscription_schedules`).

use super::Engine;
use crate::fields::Fields;

impl Engine {
    /// The subscription of a schedule is over.
    pub fn close_schedule_of(&mut self, subscription: &str, status: &str) {
        let Some(schedule) = self.get(subscription).some_text("schedule").map(str::to_owned) else { return };
        let now = self.now_for(subscription);
        self.set_due(&schedule, None);
        self.edit(&schedule, |object| {
            object.put("status", status);
            object.put("canceled_at", now);
            object.put("current_phase", serde_json::Value::Null);
        });
        self.emit(&schedule, "subscription_schedule.canceled");
    }
}
