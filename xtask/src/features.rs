//! Whether the development server and the tests want the same features of their dependencies: cargo compiles a crate once for
//! each set of features, and everything that uses it with it, so one difference far down costs a newcomer a quarter of an hour.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

use crate::child::output_of;
use crate::services::{FAKE_STRIPE, HALF};
use crate::test::Context;

/// As `cargo leptos` builds it (`bin-package` and `bin-features` in Cargo.toml).
const SERVER: [&str; 7] = [
    "--edges",
    "normal,build",
    "--package",
    "server",
    "--no-default-features",
    "--features",
    "fake-stripe",
];

pub fn check(context: &Context<'_>) -> Result<()> {
    let tree = |selection: &[&str]| {
        let mut cargo = context.toolchain.cargo(context.workspace);
        cargo
            .args(["tree", "--prefix", "none", "--format", "{p}|{f}"])
            .args(selection);
        output_of(&mut cargo).context("cargo does not list the dependencies")
    };
    let tests = [HALF.as_slice(), &FAKE_STRIPE].concat();
    let differences = differences(&tree(&SERVER)?, &tree(&tests)?);
    if !differences.is_empty() {
        bail!(
            "other features with and without the tests (see the end of [dependencies] in server/fake-stripe/Cargo.toml):\n{}",
            differences.join("\n")
        );
    }
    Ok(())
}

fn differences(server: &str, tests: &str) -> Vec<String> {
    let (server, tests) = (features(server), features(tests));
    let both = server.iter().filter_map(|(package, of_server)| {
        let of_tests = tests.get(package)?;
        (of_tests != of_server).then(|| format!("{package}: {of_server} in the server, {of_tests} in the tests"))
    });
    both.collect()
}

/// By package and version; ours, which have a path, are compiled in a minute.
fn features(tree: &str) -> BTreeMap<&str, &str> {
    let lines = tree.lines().filter_map(|line| line.split_once('|'));
    lines
        .filter(|(package, _)| !package.contains('('))
        .map(|(package, features)| (package, features.trim_end_matches(" (*)")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_features_of_others_crates_that_differ_are_told() {
        let server = "server v0.1.0 (/w)|\nserde v1.0.0|std\nbytes v1.0.0|default\nhex v0.4.0|";
        let tests =
            "server v0.1.0 (/w)|tests\nserde v1.0.0|alloc,std (*)\nbytes v1.0.0|default (*)\njsonschema v0.1.0|";
        assert_eq!(
            differences(server, tests),
            ["serde v1.0.0: std in the server, alloc,std in the tests"]
        );
    }
}
