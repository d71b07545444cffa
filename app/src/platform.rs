//! What those who run the platform see.

pub mod calls;
mod needs_attention;

pub use needs_attention::PlatformQueue;
