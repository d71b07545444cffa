//! Products (`/v1/products`).
