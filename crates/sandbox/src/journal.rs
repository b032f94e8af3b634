//! The books on disk: one JSON entry a line, written before anybody is told.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use crate::books::{Books, entry::Entry};

/// Where entries go.
#[derive(Debug)]
pub(crate) enum Journal {
    /// Forgotten at the end.
    Memory,
    File(File),
}

impl Journal {
    /// Opens the file and replays what is in it. A last line without its end was being written when
    /// the sandbox was killed: nobody was told of it, so it is cut off.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Vec<Entry>)> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let whole_bytes = text.rfind('\n').map_or(0, |end| end + 1);
        let (whole, _torn) = text.split_at(whole_bytes);
        let mut entries = Vec::new();
        for (index, line) in whole.lines().enumerate() {
            let entry = serde_json::from_str(line).map_err(|error| {
                let place = format!("{} line {}: {error}", path.display(), index + 1);
                io::Error::new(io::ErrorKind::InvalidData, place)
            })?;
            entries.push(entry);
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        file.set_len(u64::try_from(whole_bytes).map_err(io::Error::other)?)?;
        Ok((Self::File(file), entries))
    }

    pub(crate) fn write(&mut self, entry: &Entry) -> io::Result<()> {
        match self {
            Self::Memory => Ok(()),
            Self::File(file) => {
                let mut line = serde_json::to_vec(entry)?;
                line.push(b'\n');
                file.write_all(&line)
            }
        }
    }
}

/// The books these entries make.
pub(crate) fn replay(entries: &[Entry]) -> Books {
    let mut books = Books::default();
    for entry in entries {
        books.evolve(entry);
    }
    books
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_torn_by_a_kill_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.jsonl");
        let entry = Entry::Balance { mchid: "1".into(), balance_fen: 7 };
        Journal::open(&path).unwrap().0.write(&entry).unwrap();
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"{\"entry\":\"bal")
            .unwrap();

        let (mut journal, entries) = Journal::open(&path).unwrap();
        journal.write(&entry).unwrap();

        assert_eq!(entries, std::slice::from_ref(&entry));
        assert_eq!(Journal::open(&path).unwrap().1, [entry.clone(), entry]);
    }

    #[test]
    fn a_broken_line_in_the_middle_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.jsonl");
        fs::write(&path, "nonsense\n{}\n").unwrap();

        assert!(Journal::open(&path).is_err());
    }
}
