//! Why a demo does not start or go on, in words that say what to do.

use crate::{assembly::AssemblyError, config::ConfigError};
use engine::ports::StoreFault;
use sandbox::{StartError, keys::KeysError};
use std::path::PathBuf;

/// Why a demo does not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoFault {
    /// A file of the folder cannot be read or written.
    #[error("{path} cannot be used")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error("{0} is not a demo's folder and not empty; name another one with --folder")]
    NotADemo(PathBuf),
    /// Another process has it.
    #[error(
        "a demo is running in {0} already; stop it with Ctrl-C there, or start another one with \
         --folder and --port"
    )]
    Taken(PathBuf),
    /// The port cannot be had.
    #[error("port {port} cannot be used; choose another one with --port")]
    Port {
        /// Which.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The stand-in's port cannot be had.
    #[error(
        "port {port} for the payment stand-in cannot be used ({why}); it is the one after the \
         server's, so choose another --port"
    )]
    SandboxPort {
        /// Which.
        port: u16,
        /// Why.
        why: String,
    },
    /// The stand-in does not start.
    #[error("the payment stand-in does not start: {0}")]
    Sandbox(#[from] StartError),
    /// Its keys cannot be made or read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Something of what is kept cannot be read; a fresh start helps.
    #[error("{what} cannot be read ({why}); start with --fresh")]
    Unreadable {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The configuration made for it is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The application does not come together.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// A part of the story cannot be told: a bug of the demo.
    #[error("the sample data cannot be made: {0}")]
    Story(String),
    /// The server broke.
    #[error("the server stopped: {0}")]
    Serving(String),
    /// No demo answers.
    #[error("no demo is running in {0}; start one with `wanbi demo`")]
    NotRunning(PathBuf),
    /// The running demo says no.
    #[error("the demo refused: {0}")]
    Refused(String),
}

impl DemoFault {
    /// A part of the story that cannot be told.
    pub(super) fn story(what: &str, why: &dyn std::fmt::Display) -> Self {
        Self::Story(format!("{what}: {why}"))
    }
}
