//! Customers (`/v1/customers`).
