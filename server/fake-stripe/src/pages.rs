//! The hosted pages (onboarding, dashboard, checkout, portal, invoice, OAuth authorize). The engine makes these addresses:
//!
//! | page | address |
//! |---|---|
//! | onboarding | `/setup/s/{account}/{token}` |
//! | dashboard | `/dashboard/{account}` |
//! | checkout | `/c/pay/{checkout session id}` |
//! | portal | `/p/session/{token}` |
//! | invoice | `/i/{account}/{token}` and its receipt `/i/{account}/{token}/receipt` |
//! | OAuth authorize | `/oauth/authorize?client_id=…&response_type=code&scope=read_write&redirect_uri=…&state=…` |

use axum::Router;

use crate::app::App;

pub fn router() -> Router<App> {
    Router::new()
}
