//! What Stripe counts as one endpoint: the method, and the path whatever object it names
//! (<https://docs.stripe.com/rate-limits>).

use stripe_client_core::{RequestBuilder, StripeMethod};

/// `POST /subscriptions/{id}`. Stripe's own words are lower case; an id has a digit or a capital in it.
pub(super) fn name(request: &RequestBuilder) -> String {
    let mut name = match request.method {
        StripeMethod::Get => "GET",
        StripeMethod::Post => "POST",
        StripeMethod::Delete => "DELETE",
    }
    .to_owned();
    name.push(' ');
    for part in request.path.split('/').filter(|part| !part.is_empty()) {
        let is_word = part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        name.push('/');
        name.push_str(if is_word { part } else { "{id}" });
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_the_same_for_every_object() {
        for (path, named) in [
            ("/customers", "POST /customers"),
            ("/subscriptions/sub_1NaTv", "POST /subscriptions/{id}"),
            (
                "/checkout/sessions/cs_test_a1B/expire",
                "POST /checkout/sessions/{id}/expire",
            ),
            (
                "/billing_portal/configurations/bpc_1x",
                "POST /billing_portal/configurations/{id}",
            ),
            ("/invoices/create_preview", "POST /invoices/create_preview"),
        ] {
            assert_eq!(name(&RequestBuilder::new(StripeMethod::Post, path)), named);
        }
        assert_eq!(
            name(&RequestBuilder::new(StripeMethod::Get, "/customers")),
            "GET /customers"
        );
    }
}
