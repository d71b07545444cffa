//! Rows of facts: a table on a wide screen, a card for each row on a narrow one.

use leptos::prelude::*;

/// `<Table caption="Members" headers=vec!["Name", "Role"]>{rows of <tr> with <Cell>s}</Table>`
#[component]
pub fn Table(
    /// Read out, not shown: what these rows are.
    caption: &'static str,
    headers: Vec<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <table class="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead>
                <tr>
                    {headers.into_iter().map(|header| view! { <th scope="col">{header}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>{children()}</tbody>
        </table>
    }
}

/// One fact of a row; `label` is its column's header again, for the narrow screen.
#[component]
pub fn Cell(label: &'static str, children: Children) -> impl IntoView {
    view! { <td data-label=label>{children()}</td> }
}
