//! The year and month on fake-stripe's own clock, against which cards expire.

use chrono::{DateTime, Datelike};

use crate::app::App;

/// Year and month, in UTC.
pub fn today(app: &App) -> (i32, u32) {
    let now = app.engine().now();
    DateTime::from_timestamp(now, 0).map_or((1970, 1), |at| (at.year(), at.month()))
}
