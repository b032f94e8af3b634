//! Configuration: one TOML file, each value also as a `WANBI_*` variable, unknown keys refused.

pub mod variables;

use serde::Deserialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Everything an operator can set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where it listens.
    pub server: Server,
    /// What it remembers in.
    pub database: Database,
    /// Where evidence files lie.
    pub files: Files,
    /// Its own secret.
    pub security: Security,
    /// Working days.
    pub calendar: CalendarFile,
    /// What it writes about itself.
    pub log: Log,
    /// A merchant account for each shop, by the shop's id.
    pub wechat_pay: BTreeMap<String, WechatPayAccount>,
    /// An official account for each shop whose buyers come in by WeChat, by the shop's id.
    pub wechat_login: BTreeMap<String, WechatLoginAccount>,
}

/// Where it listens, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port (`WANBI_SERVER_LISTEN`).
    pub listen: String,
    /// The address that buyers and providers reach it by (`WANBI_SERVER_PUBLIC_URL`).
    pub public_url: String,
    /// The most requests served at once (`WANBI_SERVER_REQUESTS_MAX`).
    pub requests_max: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8700".into(),
            public_url: "http://127.0.0.1:8700".into(),
            requests_max: 1_024,
        }
    }
}

/// What it remembers in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://…` (`WANBI_DATABASE_URL`).
    pub url: String,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite://wanbi.db".into() }
    }
}

/// Where evidence files lie.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// A folder, or `s3://BUCKET/PREFIX` (`WANBI_FILES_URL`).
    pub url: String,
    /// For a bucket: what its keys are, such as `aws_endpoint` and `aws_region`.
    pub s3: BTreeMap<String, String>,
}

impl Files {
    /// The keys of a bucket as the storage takes them.
    #[must_use]
    pub fn keys(&self) -> Vec<(String, String)> {
        self.s3.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&String> = self.s3.keys().collect();
        f.debug_struct("Files").field("url", &self.url).field("s3", &names).finish()
    }
}

impl Default for Files {
    fn default() -> Self {
        Self { url: "wanbi-files".into(), s3: BTreeMap::new() }
    }
}

/// Its own secret.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// At least 32 characters; signs buyers' links (`WANBI_SECURITY_SECRET`).
    pub secret: String,
}

impl std::fmt::Debug for Security {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Security { secret: hidden }")
    }
}

/// Working days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarFile {
    /// A newer calendar than the one built in (`WANBI_CALENDAR_FILE`).
    pub file: Option<PathBuf>,
}

/// What it writes about itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Which lines, such as `info` or `wanbi=debug` (`WANBI_LOG_FILTER`).
    pub filter: String,
    /// `text` or `json` (`WANBI_LOG_FORMAT`).
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".into(), format: LogFormat::Text }
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// A WeChat Pay merchant account (商户号). Secrets are read from files, never from here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatPayAccount {
    /// The merchant number.
    pub mchid: String,
    /// The serial of the merchant API certificate.
    pub certificate_serial: String,
    /// The merchant's private key, PEM.
    pub private_key_file: PathBuf,
    /// The APIv3 key, 32 characters.
    pub apiv3_key_file: PathBuf,
    /// The id of WeChat Pay's public key, `PUB_KEY_ID_…`; with its file, public-key mode.
    #[serde(default)]
    pub public_key_id: Option<String>,
    /// WeChat Pay's public key, PEM.
    #[serde(default)]
    pub public_key_file: Option<PathBuf>,
    /// Platform certificates, PEM; certificate mode, or with a public key the switch between.
    #[serde(default)]
    pub certificate_files: Vec<PathBuf>,
    /// Another base address than WeChat's own, for a stand-in.
    #[serde(default)]
    pub base_url: Option<String>,
}

/// An official account (公众号) through which buyers are known. The secret is read from a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatLoginAccount {
    /// Its appid.
    pub appid: String,
    /// The file of its secret.
    pub secret_file: PathBuf,
    /// Another base address than WeChat's own for exchanging codes, for a stand-in.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Another page than WeChat's own where browsers are sent, for a stand-in.
    #[serde(default)]
    pub authorize_url: Option<String>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not TOML, has an unknown key or a value of a wrong type.
    #[error("the configuration is wrong: {0}")]
    Toml(String),
    /// A variable has a value of a wrong type.
    #[error("the variable {name} is wrong: {why}")]
    Variable {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
    /// A value makes no sense.
    #[error("{key}: {why}")]
    Value {
        /// Which.
        key: &'static str,
        /// Why.
        why: String,
    },
}

impl Config {
    /// Reads the file, if one is named, and the variables over it.
    ///
    /// # Errors
    /// [`ConfigError`] with the first mistake.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?,
            None => String::new(),
        };
        // Read once as it stands, so that mistakes are reported with their line.
        toml::from_str::<Self>(&text).map_err(|error| ConfigError::Toml(error.to_string()))?;
        let mut table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| ConfigError::Toml(error.to_string()))?;
        variables::overlay(&mut table, variables)?;
        let config: Self = toml::Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Toml(error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key, why: &str| Err(ConfigError::Value { key, why: why.to_owned() });
        if !self.database.url.starts_with("sqlite:") && !self.database.url.starts_with("postgres") {
            return wrong("database.url", "must begin with sqlite: or postgres:");
        }
        if !self.security.secret.is_empty() && self.security.secret.len() < 32 {
            return wrong("security.secret", "must have at least 32 characters");
        }
        if self.server.requests_max == 0 {
            return wrong("server.requests_max", "must be at least 1");
        }
        for account in self.wechat_pay.values() {
            if account.public_key_id.is_some() != account.public_key_file.is_some() {
                return wrong(
                    "wechat_pay.public_key_id",
                    "goes with public_key_file: set both or neither",
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, LogFormat};
    use std::io::Write;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Config::load(Some(file.path()), variables).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_is_a_small_merchant_on_one_machine() {
        let config = load("", &[]).unwrap();
        assert_eq!(config, Config::default());
        assert!(config.database.url.starts_with("sqlite:"));
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let set = [("WANBI_SERVER_LISTEN", "0.0.0.0:80"), ("WANBI_LOG_FORMAT", "json")];
        let config = load("[server]\nlisten = \"127.0.0.1:1\"", &set).unwrap();
        assert_eq!(config.server.listen, "0.0.0.0:80");
        assert_eq!(config.log.format, LogFormat::Json);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = load("[server]\nlistne = \"x\"", &[]).unwrap_err();
        assert!(error.contains("listne") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn an_unknown_variable_is_refused() {
        let error = load("", &[("WANBI_SERVER_LISTNE", "x")]).unwrap_err();
        assert!(error.contains("WANBI_SERVER_LISTNE"), "{error}");
    }

    #[test]
    fn the_secret_never_shows() {
        let set = [("WANBI_SECURITY_SECRET", "0123456789abcdef0123456789abcdef")];
        assert!(!format!("{:?}", load("", &set).unwrap()).contains("0123456789abcdef"));
    }
}
