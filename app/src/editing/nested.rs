//! Forms nest a draft's fields (`tier[label]`); a problem names the field itself (`label`).

use leptos::prelude::*;
use model::Problem;

use crate::error::Failure;

/// The failure as the form's fields know it: `names` pairs a problem's field with the form's.
pub fn nested(
    failure: Signal<Option<Failure>>,
    names: &'static [(&'static str, &'static str)],
) -> Signal<Option<Failure>> {
    Signal::derive(move || {
        let failure = failure.get()?;
        let Failure::Problem(Problem::Invalid { field, message }) = failure else {
            return Some(failure);
        };
        let field = names
            .iter()
            .find(|(problem, _)| *problem == field)
            .map_or(field, |(_, form)| (*form).to_owned());
        Some(Problem::invalid(field, message).into())
    })
}
