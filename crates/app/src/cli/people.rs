//! `wanbi shop` and `wanbi person`: the first ones are let in from the command line, since nobody
//! is there yet who could do it over the API.

use crate::{
    access::{self, invitation, member::Member, people::Office},
    config::Config,
    onboarding::{self, Newcomer},
    registry::Registry,
    world::WallClock,
};
use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use domain::{
    actor::Actor,
    id::{PersonId, ShopId},
};
use engine::ports::Clock;
use std::process::ExitCode;

/// What can be done with shops.
#[derive(Debug, Subcommand)]
pub enum ShopVerb {
    /// Open a shop and print its owner's token, this once; where the owner sets a password is said
    /// on the standard error stream.
    Open {
        /// Its id: 2 to 40 of `a-z 0-9 -`.
        shop: String,
        /// What people call it.
        #[arg(long)]
        name: String,
    },
}

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub enum PersonVerb {
    /// Let somebody in and print their token, this once.
    Add {
        /// Their shop, or `platform`.
        shop: String,
        /// Their id.
        person: String,
        /// What people call them.
        #[arg(long)]
        name: String,
        /// What they may do.
        #[arg(long)]
        office: OfficeArg,
    },
    /// Print a link with which somebody sets a password, good once and for seven days. Whoever
    /// forgot theirs gets in again with it.
    Invite {
        /// Their shop, or `platform`.
        shop: String,
        /// Their id.
        person: String,
    },
}

/// An office as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OfficeArg {
    /// 客服
    Agent,
    /// 主管
    Supervisor,
    /// 财务
    Finance,
    /// 店主
    Owner,
    /// 平台仲裁
    Arbiter,
    /// 平台运营
    Operator,
}

impl From<OfficeArg> for Office {
    fn from(office: OfficeArg) -> Self {
        match office {
            OfficeArg::Agent => Self::Agent,
            OfficeArg::Supervisor => Self::Supervisor,
            OfficeArg::Finance => Self::Finance,
            OfficeArg::Owner => Self::Owner,
            OfficeArg::Arbiter => Self::Arbiter,
            OfficeArg::Operator => Self::Operator,
        }
    }
}

async fn registry(config: &Config) -> anyhow::Result<Registry> {
    let options = store::Options::default();
    let store = store::open(&config.database.url, &options).await;
    Ok(Registry::new(store.context("open the database")?))
}

/// Runs `wanbi shop`.
///
/// # Errors
/// If the shop cannot be opened.
pub async fn shop(config: &Config, verb: ShopVerb) -> anyhow::Result<ExitCode> {
    let ShopVerb::Open { shop, name } = verb;
    let registry = registry(config).await?;
    let Some(shop_id) = onboarding::shop_id(&shop) else {
        bail!("a shop id has 2 to 40 of a-z 0-9 -");
    };
    let at = WallClock::default().now();
    let opened = onboarding::open_shop(&registry, &shop_id, &name, &Actor::System, at).await?;
    let Some(token) = opened else { bail!("the shop {shop_id} is there already") };
    println!("{token}");
    // The token alone goes to the standard output: scripts keep it in a variable.
    if let Some(link) = link(config, &registry, &shop, onboarding::OWNER).await? {
        eprintln!("set a password for the pages / 设置网页登录密码: {link}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The address where a person sets their password.
async fn link(
    config: &Config,
    registry: &Registry,
    shop: &str,
    person: &str,
) -> anyhow::Result<Option<String>> {
    let member = Member::named(shop, person).context("that is no name")?;
    let at = WallClock::default().now();
    let token = invitation::make(registry, &member, &Actor::System, at).await?;
    Ok(token.map(|token| invitation::address(&config.server.public_url, &member, &token)))
}

/// Runs `wanbi person`.
///
/// # Errors
/// If they cannot be let in.
pub async fn person(config: &Config, verb: PersonVerb) -> anyhow::Result<ExitCode> {
    match verb {
        PersonVerb::Add { shop, person, name, office } => {
            add(config, (&shop, &person), &name, office).await
        }
        PersonVerb::Invite { shop, person } => {
            let registry = registry(config).await?;
            let Some(link) = link(config, &registry, &shop, &person).await? else {
                bail!("there is no {person} in {shop}, or they were shut out");
            };
            println!("{link}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn add(
    config: &Config,
    (shop, person): (&str, &str),
    name: &str,
    office: OfficeArg,
) -> anyhow::Result<ExitCode> {
    let office = Office::from(office);
    let shop_id = ShopId::parse(shop)?;
    if office.role().is_none() != (shop == access::PLATFORM) {
        bail!("arbiters and operators belong to `platform`, everybody else to a shop");
    }
    let registry = registry(config).await?;
    let person_id = PersonId::parse(person)?;
    let newcomer = Newcomer { person_id: &person_id, name, office };
    let at = WallClock::default().now();
    let made = onboarding::let_in(&registry, &shop_id, &newcomer, &Actor::System, at).await?;
    let Some(token) = made else { bail!("{person_id} is there already") };
    println!("{token}");
    Ok(ExitCode::SUCCESS)
}
