//! Server functions of signing in and out: adapters of `store::session`.

use leptos::prelude::*;
use model::session::{CodeSent, SignedIn};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

/// Who is signed in, if anybody.
#[server]
pub async fn who_am_i() -> Result<Option<SignedIn>, Failure> {
    Ok(ssr::session().await?.signed_in())
}

/// Sends a one-time link and a code to `email`, and goes on to where the code is typed in; `next` is where to go
/// afterwards (a path of ours).
#[server]
pub async fn request_code(email: String, #[server(default)] next: String) -> Result<CodeSent, Failure> {
    let sent = ssr::store()?
        .sessions()
        .request_code(&email, &ssr::client_address(), &next)
        .await?;
    ssr::go_to_code_entry(&sent.attempt, &next);
    Ok(sent)
}

/// What was sent for this sign-in `attempt`; nothing when its code is not good any more.
#[server(LoadCodeSent)]
pub async fn code_sent(attempt: String) -> Result<Option<CodeSent>, Failure> {
    Ok(ssr::store()?.sessions().sent(&attempt).await?)
}

/// Signs in with the code from the e-mail, and goes to `next`.
#[server]
pub async fn sign_in_with_code(attempt: String, code: String, #[server(default)] next: String) -> Result<(), Failure> {
    let token = ssr::store()?.sessions().redeem_code(&attempt, &code).await?;
    ssr::set_session_cookie(&token);
    ssr::go_to(&next);
    Ok(())
}

/// Whose the link from the e-mail is (its `token` parameter); nobody's when it was used already, or is too old.
#[server]
pub async fn owner_of_link(token: String) -> Result<Option<String>, Failure> {
    Ok(ssr::store()?.sessions().owner_of_link(&token).await?)
}

/// Signs in with the link from the e-mail (its `token` parameter), and goes to `next`.
#[server]
pub async fn sign_in_with_link(token: String, #[server(default)] next: String) -> Result<(), Failure> {
    let token = ssr::store()?.sessions().redeem_link(&token).await?;
    ssr::set_session_cookie(&token);
    ssr::go_to(&next);
    Ok(())
}

/// Ends this session and goes home.
#[server]
pub async fn sign_out() -> Result<(), Failure> {
    let session = ssr::session().await?;
    ssr::store()?.sessions().sign_out(&session).await?;
    ssr::clear_session_cookie();
    ssr::go_to("/");
    Ok(())
}

/// Ends every session of the signed-in user.
#[server]
pub async fn sign_out_everywhere() -> Result<(), Failure> {
    let session = ssr::session().await?;
    ssr::store()?.sessions().sign_out_everywhere(&session).await?;
    ssr::clear_session_cookie();
    ssr::go_to("/");
    Ok(())
}
