//! The state file: written beside and moved into place, so that a crash leaves the old or the new state, never half.

use std::{fs, io::Write, path::Path};

use serde::Serialize;

use crate::engine::snapshot::Saved;

/// Errors: the file system's.
pub fn write(path: &Path, state: &impl Serialize) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(&serde_json::to_vec(state)?)?;
    file.flush()?;
    fs::rename(&beside, path)
}

/// What was written last; none when there is no file yet.
pub fn read(path: &Path) -> anyhow::Result<Option<Saved>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
