//! Which function answers which operation of Stripe's description.

use super::{
    Answer, Call, Engine, account_links, accounts, balance, checkout, customers, disputes, events, invoices,
    payment_methods, payments, portal, prices, products, refunds, schedules, search, setup_intents, subscriptions,
    test_clocks, webhook_endpoints,
};
use crate::{
    description::{METADATA_KEYS, too_many_keys},
    error::StripeError,
    fields::Fields,
};

type Endpoint = fn(&mut Engine, &Call) -> Answer;

impl Engine {
    /// Answers an operation, named by its method and its path in the description.
    pub fn answer(&mut self, operation: &str, call: &Call) -> Answer {
        let endpoint = endpoint(operation)
            .ok_or_else(|| StripeError::invalid(format!("fake-stripe does not serve {operation}")).status(404))?;
        // An object on a test clock is worked on in that clock's time.
        let named = ["customer", "subscription", "from_subscription"].map(|param| call.params.text(param).to_owned());
        for id in call.ids.iter().chain(&named) {
            if self.account_of(id) == call.account {
                self.live_by(id);
            }
        }
        let answer = endpoint(self, call);
        self.moment = None;
        let answer = answer?;
        let keys = answer.at("metadata").as_object().map_or(0, serde_json::Map::len);
        if keys > METADATA_KEYS {
            return Err(too_many_keys());
        }
        Ok(answer)
    }
}

fn endpoint(operation: &str) -> Option<Endpoint> {
    Some(match operation {
        "GET /v1/account" => accounts::current,
        "POST /v1/account_links" => account_links::create,
        "GET /v1/accounts" => accounts::list_all,
        "POST /v1/accounts" => accounts::create,
        "GET /v1/accounts/{account}" => accounts::retrieve,
        "POST /v1/accounts/{account}" => accounts::update,
        "DELETE /v1/accounts/{account}" => accounts::delete,
        "POST /v1/accounts/{account}/login_links" => accounts::login_link,
        "GET /v1/balance" => balance::retrieve,
        "GET /v1/billing_portal/configurations" => portal::list_configurations,
        "POST /v1/billing_portal/configurations" => portal::create_configuration,
        "GET /v1/billing_portal/configurations/{configuration}" => portal::retrieve_configuration,
        "POST /v1/billing_portal/configurations/{configuration}" => portal::update_configuration,
        "POST /v1/billing_portal/sessions" => portal::create_session,
        "GET /v1/charges" => payments::endpoints::list_charges,
        "GET /v1/charges/{charge}" => payments::endpoints::retrieve_charge,
        "GET /v1/checkout/sessions" => checkout::list,
        "POST /v1/checkout/sessions" => checkout::create,
        "GET /v1/checkout/sessions/{session}" => checkout::retrieve,
        "POST /v1/checkout/sessions/{session}" => checkout::update,
        "POST /v1/checkout/sessions/{session}/expire" => checkout::expire,
        "GET /v1/checkout/sessions/{session}/line_items" => checkout::line_items,
        "GET /v1/customers" => customers::list,
        "POST /v1/customers" => customers::create,
        "GET /v1/customers/{customer}" => customers::retrieve,
        "POST /v1/customers/{customer}" => customers::update,
        "DELETE /v1/customers/{customer}" => customers::delete,
        "GET /v1/customers/{customer}/payment_methods" | "GET /v1/payment_methods" => payment_methods::list,
        "GET /v1/customers/{customer}/payment_methods/{payment_method}"
        | "GET /v1/payment_methods/{payment_method}" => payment_methods::retrieve,
        "GET /v1/disputes" => disputes::list,
        "GET /v1/disputes/{dispute}" => disputes::retrieve,
        "POST /v1/disputes/{dispute}" => disputes::update,
        "POST /v1/disputes/{dispute}/close" => disputes::close,
        "GET /v1/events" => events::list,
        "GET /v1/events/{id}" => events::retrieve,
        "GET /v1/invoice_payments" => payments::endpoints::list_invoice_payments,
        "GET /v1/invoice_payments/{invoice_payment}" => payments::endpoints::retrieve_invoice_payment,
        "GET /v1/invoices" => invoices::endpoints::list,
        "GET /v1/invoices/{invoice}" => invoices::endpoints::retrieve,
        "POST /v1/invoices/{invoice}" => invoices::endpoints::update,
        "DELETE /v1/invoices/{invoice}" => invoices::endpoints::delete,
        "POST /v1/invoices/{invoice}/finalize" => invoices::endpoints::finalize,
        "POST /v1/invoices/{invoice}/pay" => invoices::endpoints::pay,
        "POST /v1/invoices/{invoice}/void" => invoices::endpoints::void,
        "POST /v1/invoices/{invoice}/mark_uncollectible" => invoices::endpoints::mark_uncollectible,
        "GET /v1/invoices/{invoice}/lines" => invoices::endpoints::lines,
        "GET /v1/payment_intents" => payments::endpoints::list_intents,
        "GET /v1/payment_intents/{intent}" => payments::endpoints::retrieve_intent,
        "POST /v1/payment_intents/{intent}/confirm" => payments::endpoints::confirm_intent,
        "POST /v1/payment_methods" => payment_methods::create,
        "POST /v1/payment_methods/{payment_method}" => payment_methods::update,
        "POST /v1/payment_methods/{payment_method}/attach" => payment_methods::attach,
        "POST /v1/payment_methods/{payment_method}/detach" => payment_methods::detach,
        "GET /v1/prices" => prices::list,
        "POST /v1/prices" => prices::create,
        "GET /v1/prices/{price}" => prices::retrieve,
        "POST /v1/prices/{price}" => prices::update,
        "GET /v1/products" => products::list,
        "POST /v1/products" => products::create,
        "GET /v1/products/{id}" => products::retrieve,
        "POST /v1/products/{id}" => products::update,
        "DELETE /v1/products/{id}" => products::delete,
        "GET /v1/refunds" => refunds::list,
        "POST /v1/refunds" => refunds::create,
        "GET /v1/refunds/{refund}" => refunds::retrieve,
        "GET /v1/setup_intents" => setup_intents::list,
        "POST /v1/setup_intents" => setup_intents::create,
        "GET /v1/setup_intents/{intent}" => setup_intents::retrieve,
        "POST /v1/setup_intents/{intent}/cancel" => setup_intents::cancel,
        "POST /v1/setup_intents/{intent}/confirm" => setup_intents::confirm,
        "GET /v1/subscription_items" => subscriptions::endpoints::list_items,
        "POST /v1/subscription_items" => subscriptions::item_changes::create,
        "POST /v1/subscription_items/{item}" => subscriptions::item_changes::update,
        "GET /v1/subscription_items/{item}" => subscriptions::endpoints::retrieve_item,
        "DELETE /v1/subscription_items/{item}" => subscriptions::endpoints::remove_item,
        "GET /v1/subscriptions" => subscriptions::endpoints::list,
        "POST /v1/subscriptions" => subscriptions::endpoints::create,
        "GET /v1/subscriptions/{subscription_exposed_id}" => subscriptions::endpoints::retrieve,
        "POST /v1/subscriptions/{subscription_exposed_id}" => subscriptions::change::update,
        "DELETE /v1/subscriptions/{subscription_exposed_id}" => subscriptions::endpoints::cancel,
        "POST /v1/subscriptions/{subscription}/pause" => subscriptions::pause::pause,
        "POST /v1/subscriptions/{subscription}/resume" => subscriptions::resume::resume,
        "POST /v1/invoices/create_preview" => invoices::preview::create,
        "GET /v1/subscription_schedules" => schedules::list,
        "POST /v1/subscription_schedules" => schedules::create,
        "GET /v1/subscription_schedules/{schedule}" => schedules::retrieve,
        "POST /v1/subscription_schedules/{schedule}" => schedules::update,
        "POST /v1/subscription_schedules/{schedule}/cancel" => schedules::cancel,
        "POST /v1/subscription_schedules/{schedule}/release" => schedules::release,
        "GET /v1/test_helpers/test_clocks" => test_clocks::list,
        "POST /v1/test_helpers/test_clocks" => test_clocks::create,
        "GET /v1/test_helpers/test_clocks/{test_clock}" => test_clocks::retrieve,
        "DELETE /v1/test_helpers/test_clocks/{test_clock}" => test_clocks::delete,
        "POST /v1/test_helpers/test_clocks/{test_clock}/advance" => test_clocks::advance,
        "GET /v1/customers/search" => search::customers,
        "GET /v1/prices/search" => search::prices,
        "GET /v1/products/search" => search::products,
        "GET /v1/subscriptions/search" => search::subscriptions,
        "GET /v1/webhook_endpoints" => webhook_endpoints::list,
        "POST /v1/webhook_endpoints" => webhook_endpoints::create,
        "GET /v1/webhook_endpoints/{webhook_endpoint}" => webhook_endpoints::retrieve,
        "POST /v1/webhook_endpoints/{webhook_endpoint}" => webhook_endpoints::update,
        "DELETE /v1/webhook_endpoints/{webhook_endpoint}" => webhook_endpoints::delete,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::description::Description;

    #[test]
    fn every_described_operation_is_served() {
        for operation in Description::get().operations() {
            let name = format!("{} {}", operation.method, operation.path);
            assert!(super::endpoint(&name).is_some(), "{name}");
        }
    }
}
