//! One labelled form field with its hint and its problem, bound to the input for assistive technology.
//! Every form of the hosted pages is made of these.

use maud::{Markup, html};

/// A field; `Default` is an empty text field, so name only what differs.
#[derive(Clone, Copy, Default)]
pub struct Field<'a> {
    /// Both the form's name and the element's id.
    pub name: &'a str,
    pub label: &'a str,
    pub value: &'a str,
    /// The `type` attribute; empty means `text`.
    pub kind: &'a str,
    pub autocomplete: &'a str,
    pub inputmode: &'a str,
    pub placeholder: &'a str,
    pub hint: &'a str,
    pub problem: Option<&'a str>,
    /// Whether the page opens with this field in focus: the first one that is wrong.
    pub autofocus: bool,
}

impl Field<'_> {
    pub fn draw(self) -> Markup {
        let hint_id = format!("{}-hint", self.name);
        let problem_id = format!("{}-problem", self.name);
        let described = match (self.hint.is_empty(), self.problem.is_some()) {
            (true, false) => None,
            (false, false) => Some(hint_id.clone()),
            (true, true) => Some(problem_id.clone()),
            (false, true) => Some(format!("{problem_id} {hint_id}")),
        };
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                input id=(self.name) name=(self.name) value=(self.value)
                    type=(if self.kind.is_empty() { "text" } else { self.kind })
                    autocomplete=(if self.autocomplete.is_empty() { "off" } else { self.autocomplete })
                    inputmode=[some(self.inputmode)]
                    placeholder=[some(self.placeholder)]
                    aria-invalid=[self.problem.map(|_| "true")]
                    aria-describedby=[described]
                    autofocus[self.autofocus];
                @if let Some(problem) = self.problem { p.problem id=(problem_id) { (problem) } }
                @if !self.hint.is_empty() { p.hint id=(hint_id) { (self.hint) } }
            }
        }
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_announced_with_its_input() {
        let field = Field {
            name: "exp",
            label: "Expiry",
            problem: Some("Your card has expired."),
            ..Field::default()
        };
        let drawn = field.draw().into_string();
        assert!(drawn.contains(r#"label for="exp""#), "{drawn}");
        assert!(drawn.contains(r#"aria-describedby="exp-problem""#), "{drawn}");
        assert!(drawn.contains(r#"id="exp-problem""#), "{drawn}");
    }
}
