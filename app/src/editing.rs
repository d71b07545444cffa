//! How the manage pages edit things: which form is open (the address says so, which works without JavaScript and with
//! the back button), what became of a change, and the question before something is taken away.

mod changes;
// The server has nothing to keep.
#[cfg(feature = "hydrate")]
mod draft;
#[cfg(not(feature = "hydrate"))]
#[path = "editing/no_draft.rs"]
mod draft;
mod form_buttons;
mod form_panel;
#[cfg(feature = "hydrate")]
mod keep_focus;
mod loaded_unless_editing;
mod nested;
mod open_form;
mod put_back;
mod question;
mod refusal;
mod shown;
mod standing_form;

pub use changes::{Changes, Said};
pub use form_buttons::FormButtons;
pub use form_panel::FormPanel;
pub use loaded_unless_editing::LoadedUnlessEditing;
pub use nested::nested;
pub use open_form::{OpenForm, OpenLink, use_open_form, use_standing_form};
pub use question::Question;
pub use refusal::{provide_refusal, ticked, typed, was_done};
pub use shown::Shown;
pub use standing_form::StandingForm;
