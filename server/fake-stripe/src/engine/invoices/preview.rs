//! Previews (`POST /v1/invoices/create_preview`).
