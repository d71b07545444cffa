//! A form sent without JavaScript comes back with its refusal in the address (`__path`, `__err`), as `server_fn` writes
//! it; server actions made afterwards start out with it.

use leptos::{prelude::*, server::ServerActionError};
use leptos_router::hooks::use_query_map;

/// To be called before a page's server actions are made.
pub fn provide_refusal() {
    let query = use_query_map();
    let refusal = query.with_untracked(|query| Some((query.get("__path")?, query.get("__err")?)));
    if let Some((path, refusal)) = refusal {
        provide_context(ServerActionError::new(&path, &refusal));
    }
}
