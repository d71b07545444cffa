//! When Stripe misbehaves: the real client against fake-stripe, with something in between that answers wrongly, late or
//! not at all. The clock stands, so nothing is waited for (see `transport::timer`).

mod already_so;
mod between;
mod circuit;
mod doubt;
mod found_again;
mod limits;
mod retries;
