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
        let Failure::Problem(problem) = &failure else {
            return Some(failure);
        };
        let renamed = problem.fields().map(|(field, message)| {
            let known = names.iter().find(|(problem, _)| *problem == field);
            Problem::invalid(known.map_or(field, |(_, form)| form), message)
        });
        Some(Problem::together(renamed).map_or(failure.clone(), Failure::Problem))
    })
}
