//! What a badge or a notice feels like.

/// The tones in which something can be said; each has its colour and, in a notice, its icon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Just so.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// It worked; it is as it should be.
    Success,
    /// It needs attention before long.
    Warning,
    /// It failed, or access is gone.
    Danger,
}

impl Tone {
    /// The word used in class names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}
