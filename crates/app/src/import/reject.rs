//! The reject file: what could not be imported, byte for byte, under the same heading, so that it
//! can be corrected and imported again; next to it a file that says why.

use crate::import::fault::LineFault;
use domain::policy::Language;
use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    ops::Range,
    path::{Path, PathBuf},
};

/// Writes rejected lines and their reasons. The files are made with the first of them and never
/// overwrite another: it may hold corrections.
pub struct Rejects {
    path: Option<PathBuf>,
    language: Language,
    header: Vec<u8>,
    files: Option<Files>,
}

struct Files {
    lines: BufWriter<File>,
    reasons: BufWriter<File>,
    /// The number of the next line of the reject file.
    next: u64,
}

impl Rejects {
    /// Keeps no rejected lines.
    #[must_use]
    pub const fn none() -> Self {
        Self { path: None, language: Language::Zh, header: Vec::new(), files: None }
    }

    /// Will write to `path` and, next to it, `<path>.reasons.txt`.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if one of them exists.
    pub fn to(path: &Path, language: Language) -> io::Result<Self> {
        for path in [path, &reasons_path(path)] {
            if path.try_exists()? {
                let said = format!("{} exists; it is not overwritten", path.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, said));
            }
        }
        Ok(Self { path: Some(path.to_owned()), language, header: Vec::new(), files: None })
    }

    /// The heading that the reject file needs.
    pub(crate) fn header(&mut self, header: &[u8]) {
        header.clone_into(&mut self.header);
        if !header.is_empty() && !header.ends_with(b"\n") {
            self.header.push(b'\n');
        }
    }

    /// Writes rejected lines and why.
    pub(crate) fn write(
        &mut self,
        lines: &Range<u64>,
        raw: &[u8],
        fault: &LineFault,
    ) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let files = match &mut self.files {
            Some(files) => files,
            None => self.files.insert(Files::create(path, &self.header)?),
        };
        let reason = match self.language {
            Language::Zh => reason_zh(lines, fault, files.next),
            Language::En => reason_en(lines, fault, files.next),
        };
        files.reasons.write_all(reason.as_bytes())?;
        files.lines.write_all(raw)?;
        files.next = files.next.saturating_add(count_lines(raw));
        if !raw.is_empty() && !raw.ends_with(b"\n") {
            files.lines.write_all(b"\n")?;
            files.next = files.next.saturating_add(1);
        }
        Ok(())
    }

    /// Makes sure that everything is on disk.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        let Some(files) = &mut self.files else { return Ok(()) };
        for file in [&mut files.lines, &mut files.reasons] {
            file.flush()?;
            file.get_ref().sync_all()?;
        }
        Ok(())
    }

    /// The reject file, if there was anything to write.
    pub(crate) fn written(&self) -> Option<PathBuf> {
        self.files.as_ref().and(self.path.clone())
    }
}

impl Files {
    fn create(path: &Path, header: &[u8]) -> io::Result<Self> {
        let mut lines = BufWriter::new(create(path)?);
        let mut reasons = BufWriter::new(create(&reasons_path(path))?);
        lines.write_all(header)?;
        // Windows programs, which open this file, take a text for UTF-8 only by its mark.
        reasons.write_all("\u{feff}".as_bytes())?;
        Ok(Self { lines, reasons, next: count_lines(header).saturating_add(1) })
    }
}

/// A new file that only its owner reads: answers of WeChat hold addresses of buyers.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// `bad.csv.reasons.txt` for `bad.csv`.
#[must_use]
pub fn reasons_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".reasons.txt");
    name.into()
}

fn reason_zh(lines: &Range<u64>, fault: &LineFault, next: u64) -> String {
    let key = if fault.key.is_empty() { String::new() } else { format!("［{}］", fault.key) };
    let at = if lines.end.saturating_sub(lines.start) > 1 || fault.line != lines.start {
        format!("原文件第 {}–{} 行（错误在第 {} 行）", lines.start, last(lines), fault.line)
    } else {
        format!("原文件第 {} 行", lines.start)
    };
    format!("{at}，退回文件第 {next} 行起：{key}{}（{}）\n", fault.zh, fault.code)
}

fn reason_en(lines: &Range<u64>, fault: &LineFault, next: u64) -> String {
    let key = if fault.key.is_empty() { String::new() } else { format!("[{}] ", fault.key) };
    let at = if lines.end.saturating_sub(lines.start) > 1 || fault.line != lines.start {
        format!("lines {}-{}, mistake on line {}", lines.start, last(lines), fault.line)
    } else {
        format!("line {}", lines.start)
    };
    format!("{at}, here from line {next}: {key}{} ({})\n", fault.en, fault.code)
}

fn last(lines: &Range<u64>) -> u64 {
    lines.end.saturating_sub(1).max(lines.start)
}

fn count_lines(bytes: &[u8]) -> u64 {
    let count = bytes.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(count).unwrap_or(u64::MAX)
}
