//! Single-use links to the hosted onboarding page (`/v1/account_links`).
