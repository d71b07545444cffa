//! No event handler is put on a component from outside: when the component is drawn again, the first handler stays, and a
//! button does what it said before (tachys 0.2.19, `AnyViewWithAttrs::rebuild`). A component takes a `Callback` instead.

use std::{fs, path::Path};

/// The tags of components in `source`, up to their `>`.
fn component_tags(source: &str) -> Vec<&str> {
    let starts = source.match_indices('<').map(|(at, _)| &source[at..]);
    let components = starts.filter(|text| text[1..].starts_with(|first: char| first.is_ascii_uppercase()));
    components.filter_map(|text| text.get(..end_of_tag(text)?)).collect()
}

/// A `>` outside of brackets and texts that belongs to no arrow.
fn end_of_tag(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut before) = (0_i32, false, ' ');
    for (at, now) in text.char_indices() {
        match now {
            '"' if before != '\\' => in_text = !in_text,
            _ if in_text => {}
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            '>' if depth == 0 && before != '=' && before != '-' => return Some(at),
            _ => {}
        }
        before = now;
    }
    None
}

fn offenders(source: &str) -> Vec<&str> {
    let has_handler = |tag: &&str| tag.split_whitespace().any(|part| part.starts_with("on:"));
    component_tags(source).into_iter().filter(has_handler).collect()
}

fn look_through(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            look_through(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let source = fs::read_to_string(&path).expect("a source file");
            found.extend(
                offenders(&source)
                    .into_iter()
                    .map(|tag| format!("{}: {tag}", path.display())),
            );
        }
    }
}

#[test]
fn no_component_is_given_an_event_handler() {
    let mut found = Vec::new();
    // Where cargo starts a test, which need not be where it was compiled (a target folder outlives a clone in CI).
    look_through(Path::new("src"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_handler_on_a_component_is_found_and_one_on_an_element_is_not() {
    assert_eq!(
        offenders(r#"<Button pending=(a > b) on:click=move |_| go()>"Go"</Button>"#).len(),
        1
    );
    assert_eq!(
        offenders("<Button\n    submit=true\n    on:click=press\n>"),
        ["<Button\n    submit=true\n    on:click=press\n"]
    );
    assert!(offenders("<Button on_click=Callback::new(move |_| go())><i on:click=go></i></Button>").is_empty());
    assert!(offenders("fn a(b: Vec<String>) -> Option<Uuid> { view! { <a on:click=c></a> } }").is_empty());
}
