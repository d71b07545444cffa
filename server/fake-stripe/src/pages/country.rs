//! The countries that onboarding offers, and the test bank account it fills in for each.

/// Code, name, currency and a bank account number from Stripe's documentation of test data (docs.stripe.com/connect/testing).
pub struct Country {
    pub code: &'static str,
    pub name: &'static str,
    pub currency: &'static str,
    pub bank_account: &'static str,
}

/// In the order they are offered.
pub const COUNTRIES: [Country; 12] = [
    Country {
        code: "AU",
        name: "Australia",
        currency: "aud",
        bank_account: "000123456",
    },
    Country {
        code: "AT",
        name: "Austria",
        currency: "eur",
        bank_account: "AT611904300234573201",
    },
    Country {
        code: "CA",
        name: "Canada",
        currency: "cad",
        bank_account: "000123456789",
    },
    Country {
        code: "FR",
        name: "France",
        currency: "eur",
        bank_account: "FR1420041010050500013M02606",
    },
    Country {
        code: "DE",
        name: "Germany",
        currency: "eur",
        bank_account: "DE89370400440532013000",
    },
    Country {
        code: "IE",
        name: "Ireland",
        currency: "eur",
        bank_account: "IE29AIBK93115212345678",
    },
    Country {
        code: "JP",
        name: "Japan",
        currency: "jpy",
        bank_account: "0001234",
    },
    Country {
        code: "NL",
        name: "Netherlands",
        currency: "eur",
        bank_account: "NL39RABO0300065264",
    },
    Country {
        code: "ES",
        name: "Spain",
        currency: "eur",
        bank_account: "ES0700120345030000067890",
    },
    Country {
        code: "CH",
        name: "Switzerland",
        currency: "chf",
        bank_account: "CH9300762011623852957",
    },
    Country {
        code: "GB",
        name: "United Kingdom",
        currency: "gbp",
        bank_account: "00012345",
    },
    Country {
        code: "US",
        name: "United States",
        currency: "usd",
        bank_account: "000123456789",
    },
];

/// The country of a code, when it is one that is offered.
pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}
