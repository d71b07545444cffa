//! Changing the customer's name, e-mail address and telephone number in the portal.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use maud::Markup;
use serde_json::json;

use super::{
    session::PortalSession,
    step_view::{Allowed, CustomerForm, customer},
};
use crate::{
    app::App,
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, not_found, operate, see},
        email::is_email,
    },
};

pub async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Markup, Refused> {
    Ok(act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        let allowed = allowed(&session)?;
        let known = &session.portal.customer;
        let form = CustomerForm {
            name: known.text("name").to_owned(),
            email: known.text("email").to_owned(),
            phone: known.text("phone").to_owned(),
        };
        Ok(customer(&session.frame(), &form, allowed, None))
    })?)
}

pub async fn save(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(form): Form<CustomerForm>,
) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        let allowed = allowed(&session)?;
        if allowed.email && !is_email(&form.email) {
            return Ok(customer(
                &session.frame(),
                &form,
                allowed,
                Some("Your e-mail address is invalid."),
            )
            .into_response());
        }
        let mut params = json!({});
        for (name, value, may) in [
            ("name", &form.name, allowed.name),
            ("email", &form.email, allowed.email),
            ("phone", &form.phone, allowed.phone),
        ] {
            if may {
                params.put(name, value.trim());
            }
        }
        operate(
            engine,
            &session.portal.account,
            "POST /v1/customers/{customer}",
            &[session.customer()],
            params,
        )?;
        Ok(see(&session.after("customer_update", "customer")))
    })?)
}

/// What the customer may change.
///
/// Errors: nothing, so that there is no such page.
pub fn allowed(session: &PortalSession) -> Result<Allowed, StripeError> {
    session.require("customer_update")?;
    let listed = session
        .portal
        .configuration
        .items("features.customer_update.allowed_updates");
    let has = |name: &str| listed.iter().any(|field| field.as_str() == Some(name));
    let allowed = Allowed {
        name: has("name"),
        email: has("email"),
        phone: has("phone"),
    };
    if allowed.name || allowed.email || allowed.phone {
        Ok(allowed)
    } else {
        Err(not_found())
    }
}
