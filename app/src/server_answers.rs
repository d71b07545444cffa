//! Whether the server is there.

use leptos::{prelude::*, task::spawn_local};

use crate::session::calls::who_am_i;

/// Asks the server something small, and runs `then` when it answers.
pub fn if_server_answers(then: Callback<()>) {
    spawn_local(async move {
        if who_am_i().await.is_ok() {
            // What asked may be gone by then.
            then.try_run(());
        }
    });
}
