//! A visitor: a browser without script, that keeps one cookie and follows nothing by itself.

use crate::world::{SHOP, World};
use app::access::{member::Member, people::Office, session};
use axum::http::header;
use reqwest::{Response, StatusCode, redirect::Policy};

/// A browser at one door.
pub struct Visitor {
    pub http: reqwest::Client,
    pub base: String,
    pub cookie: String,
}

/// What a page answered.
#[derive(Debug)]
pub struct Shown {
    pub status: StatusCode,
    pub html: String,
    pub location: Option<String>,
    pub cookies: Vec<String>,
}

impl Visitor {
    /// Somebody who is not known.
    pub fn stranger(world: &World) -> Self {
        Self::known(&world.base, "")
    }

    /// Somebody who is known to a site by a cookie.
    pub fn known(base: &str, cookie: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { http, base: base.to_owned(), cookie: cookie.to_owned() }
    }

    /// A buyer who came by a link.
    pub async fn buyer(world: &World, buyer_id: &str) -> Self {
        let token = world.buyer(buyer_id).await;
        Self { cookie: format!("wanbi_b={token}"), ..Self::stranger(world) }
    }

    /// A person of the shop, or of the platform, who has signed in.
    pub async fn person(world: &World, id: &str, office: Office) -> Self {
        world.person(id, office).await;
        let (shop, cookie) = match office.role() {
            Some(_) => (SHOP, "wanbi_m"),
            None => ("platform", "wanbi_p"),
        };
        let (app, member) = (&world.app, Member::named(shop, id).unwrap());
        let token = session::open(app, &member, "Firefox", app.desk.now()).await.unwrap();
        Self { cookie: format!("{cookie}={}", token.unwrap()), ..Self::stranger(world) }
    }

    /// The same, reading in a language.
    pub fn reading(mut self, language: &str) -> Self {
        self.cookie = format!("{}; wanbi_lang={language}", self.cookie);
        self
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Shown {
        let asked = self.http.get(format!("{}{path}", self.base));
        shown(asked.header(header::COOKIE, &self.cookie).send().await.unwrap()).await
    }

    /// Sends a part of a file, as a script of this site does.
    pub async fn put(&self, path: &str, bytes: &[u8]) -> Shown {
        let asked = self.http.put(format!("{}{path}", self.base)).body(bytes.to_vec());
        let asked = asked.header(header::COOKIE, &self.cookie);
        shown(asked.header("sec-fetch-site", "same-origin").send().await.unwrap()).await
    }

    /// Sends JSON, as a script of this site does.
    pub async fn tell(&self, path: &str, body: &serde_json::Value) -> Shown {
        let asked = self.http.post(format!("{}{path}", self.base)).body(body.to_string());
        let asked = asked.header(header::CONTENT_TYPE, "application/json");
        let asked = asked.header(header::COOKIE, &self.cookie);
        shown(asked.header("sec-fetch-site", "same-origin").send().await.unwrap()).await
    }

    /// Sends a form of this site.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        self.post_from("same-origin", path, fields).await
    }

    /// Sends a form of this site with files, as a browser without script does.
    pub async fn attach(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Shown {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; \
                 filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let asked = self.http.post(format!("{}{path}", self.base)).body(body);
        let asked = asked
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "same-origin");
        shown(asked.send().await.unwrap()).await
    }

    /// Sends a form from a site.
    pub async fn post_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Shown {
        let asked = self.http.post(format!("{}{path}", self.base)).body(form(fields));
        let asked = asked
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site);
        shown(asked.send().await.unwrap()).await
    }

    /// The bytes behind a path.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let asked = self.http.get(format!("{}{path}", self.base));
        let answer = asked.header(header::COOKIE, &self.cookie).send().await.unwrap();
        answer.bytes().await.unwrap().to_vec()
    }
}

/// A form as a browser writes it.
fn form(fields: &[(&str, &str)]) -> String {
    use app::pages::page::encoded;
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.join("&")
}

impl Shown {
    /// The value of a field of the page.
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.html.split_once(&mark).unwrap_or_else(|| panic!("{name}: {self:?}"));
        rest.split('"').next().unwrap().to_owned()
    }
}

async fn shown(response: Response) -> Shown {
    let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let cookies = cookies.map(|value| value.to_str().unwrap().to_owned()).collect();
    let (status, location) = (response.status(), text(header::LOCATION));
    let html = response.text().await.unwrap();
    assert!(!html.contains('⟦'), "a text is missing: {html}");
    Shown { status, html, location, cookies }
}
