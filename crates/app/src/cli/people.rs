//! `wanbi shop` and `wanbi person`: the first ones are let in from the command line, since nobody
//! is there yet who could do it over the API.

use crate::{
    access::{self, people::Office},
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
    /// Open a shop and print its owner's token, this once.
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
    Ok(ExitCode::SUCCESS)
}

/// Runs `wanbi person`.
///
/// # Errors
/// If they cannot be let in.
pub async fn person(config: &Config, verb: PersonVerb) -> anyhow::Result<ExitCode> {
    let PersonVerb::Add { shop, person, name, office } = verb;
    let office = Office::from(office);
    let shop_id = ShopId::parse(&shop)?;
    if office.role().is_none() != (shop == access::PLATFORM) {
        bail!("arbiters and operators belong to `platform`, everybody else to a shop");
    }
    let registry = registry(config).await?;
    let person_id = PersonId::parse(&person)?;
    let newcomer = Newcomer { person_id: &person_id, name: &name, office };
    let at = WallClock::default().now();
    let made = onboarding::let_in(&registry, &shop_id, &newcomer, &Actor::System, at).await?;
    let Some(token) = made else { bail!("{person_id} is there already") };
    println!("{token}");
    Ok(ExitCode::SUCCESS)
}
