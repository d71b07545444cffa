//! What a fault makes of a request.

use std::time::Duration;

use super::{
    Answered, Incoming,
    keyed::{Meanwhile, checked},
};
use crate::{
    app::App,
    error::StripeError,
    http::{
        faults::{Fault, Kind},
        limits::Reason,
    },
};

/// None: the connection is closed without an answer.
pub(super) async fn with_fault(app: &App, fault: Option<&Fault>, incoming: &Incoming<'_>) -> Option<Answered> {
    let Some(fault) = fault else {
        return Some(checked(app, incoming, Meanwhile::Nothing).await);
    };
    let failure = || StripeError {
        kind: "api_error",
        ..StripeError::invalid("An unknown error occurred").status(fault.status.unwrap_or(500))
    };
    match fault.kind {
        Kind::Slow => {
            let delay = Duration::from_millis(fault.delay_ms.unwrap_or(1000));
            if !fault.after_processing {
                return Some(checked(app, incoming, Meanwhile::Wait(delay)).await);
            }
            let answered = checked(app, incoming, Meanwhile::Nothing).await;
            tokio::time::sleep(delay).await;
            return Some(answered);
        }
        Kind::Status if fault.sticks => {
            let meanwhile = Meanwhile::Fail {
                with: failure(),
                after_work: fault.after_processing,
            };
            return Some(checked(app, incoming, meanwhile).await);
        }
        _ => {}
    }
    if fault.after_processing {
        checked(app, incoming, Meanwhile::Nothing).await;
    }
    Some(match fault.kind {
        Kind::Reset => return None,
        Kind::Timeout => {
            // Longer than any client waits; the connection goes when it gives up.
            tokio::time::sleep(Duration::from_mins(10)).await;
            return None;
        }
        Kind::RateLimit => rate_limited(fault.reason.unwrap_or(Reason::GlobalRate)),
        Kind::LockTimeout => Answered {
            limited: fault.reason,
            ..StripeError::invalid(
                "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you \
                 see this error intermittently, retry the request.",
            )
            .code("lock_timeout")
            .status(429)
            .into()
        },
        Kind::Status | Kind::Slow => failure().into(),
    })
}

pub(super) fn rate_limited(reason: Reason) -> Answered {
    let refusal = StripeError::invalid(
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
    );
    Answered {
        limited: Some(reason),
        ..refusal.code("rate_limit").status(429).into()
    }
}
