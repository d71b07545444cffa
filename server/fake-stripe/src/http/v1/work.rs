//! The work of a request: its operation is found, its parameters are checked, the engine answers.

use serde_json::Value;

use super::{Answered, Incoming};
use crate::{
    app::App,
    description::Description,
    engine::{Call, access, uncovered},
    error::StripeError,
};

/// The answer, and whether the request got as far as the engine.
pub(super) fn work(app: &App, incoming: &Incoming<'_>, given: &Value, key: Option<&str>) -> (Answered, bool) {
    let (method, path, account) = (incoming.method.as_str(), incoming.uri.path(), incoming.account());
    let description = Description::get();
    let Some((operation, ids)) = description.operation(method, path) else {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
        );
        return (StripeError::invalid(message).status(404).into(), false);
    };
    let params = access::endive(operation, given)
        .and_then(|()| description.params(operation, given))
        .and_then(|params| uncovered::check(operation, &params).map(|()| params));
    let params = match params {
        Ok(params) => params,
        Err(refusal) => return (refusal.into(), false),
    };
    let call = Call {
        account: account.to_owned(),
        ids,
        params,
        request_id: Some(incoming.id.clone()),
        idempotency_key: key.map(str::to_owned),
    };
    let name = format!("{} {}", operation.method, operation.path);
    let mut worked_on = false;
    let remember = |status: u16, body: &Value| {
        if let Some(key) = key {
            app.remembered().finish(account, key, status, body, &incoming.id);
        }
    };
    let outcome = app.act(|engine| {
        engine.may_access(&call.account)?;
        engine.caused_by(&call);
        // The key is saved together with what the request changes, or with nothing.
        engine.changed |= key.is_some();
        let answer = engine
            .answer(&name, &call)
            .and_then(|answer| engine.show(&call, &answer));
        #[cfg(feature = "validate")]
        let answer = {
            if let Ok(answer) = &answer {
                drop(crate::validation::check(operation, answer));
            }
            crate::validation::refuse_differences().and(answer)
        };
        // A panic before this leaves nothing behind, not even the key.
        worked_on = true;
        match &answer {
            Ok(body) => remember(200, body),
            Err(refusal) => remember(refusal.status, &refusal.body()),
        }
        answer
    });
    match outcome {
        Ok(body) => (
            Answered {
                status: 200,
                body,
                replayed: false,
                limited: None,
            },
            worked_on,
        ),
        Err(refusal) => (refusal.into(), worked_on),
    }
}
