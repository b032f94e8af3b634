//! Columns of a row of either database, read by name into our types. What does not fit is a
//! broken row, told with its column.

use crate::judge::Account;
use domain::{
    id::{BuyerId, CaseId, EffectId, IdError, OrderId, ReasonCode, ShopId},
    moment::Moment,
    money::{Currency, Money},
};
use engine::{ports::StoreFault, rows::StreamKey};
use sqlx::{Row, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

/// A row, as both databases give it: texts, whole numbers, UUIDs.
pub(crate) trait Columns {
    fn text(&self, column: &str) -> Result<String, StoreFault>;
    fn text_or_none(&self, column: &str) -> Result<Option<String>, StoreFault>;
    fn number(&self, column: &str) -> Result<i64, StoreFault>;
    fn number_or_none(&self, column: &str) -> Result<Option<i64>, StoreFault>;
    fn uuid(&self, column: &str) -> Result<Uuid, StoreFault>;

    fn whole(&self, column: &str) -> Result<u64, StoreFault> {
        unsigned(column, self.number(column)?)
    }

    fn count(&self, column: &str) -> Result<u32, StoreFault> {
        u32::try_from(self.number(column)?).map_err(|_| broken(column, "is out of range"))
    }

    fn moment(&self, column: &str) -> Result<Moment, StoreFault> {
        moment(column, self.number(column)?)
    }

    fn moment_or_none(&self, column: &str) -> Result<Option<Moment>, StoreFault> {
        self.number_or_none(column)?.map(|ms| moment(column, ms)).transpose()
    }

    fn shop_id(&self) -> Result<ShopId, StoreFault> {
        id("shop_id", &self.text("shop_id")?, ShopId::parse)
    }

    fn order_id(&self) -> Result<OrderId, StoreFault> {
        id("order_id", &self.text("order_id")?, OrderId::parse)
    }

    fn buyer_id(&self) -> Result<BuyerId, StoreFault> {
        id("buyer_id", &self.text("buyer_id")?, BuyerId::parse)
    }

    fn effect_id(&self) -> Result<EffectId, StoreFault> {
        id("effect_id", &self.text("effect_id")?, EffectId::parse)
    }

    fn reason(&self) -> Result<ReasonCode, StoreFault> {
        id("reason", &self.text("reason")?, ReasonCode::parse)
    }

    fn case_id(&self) -> Result<CaseId, StoreFault> {
        Ok(CaseId::new(self.uuid("case_id")?))
    }

    fn key(&self) -> Result<StreamKey, StoreFault> {
        Ok(StreamKey { shop_id: self.shop_id()?, order_id: self.order_id()? })
    }

    fn account(&self) -> Result<Account, StoreFault> {
        let year = i16::try_from(self.number("year")?);
        Ok(Account {
            shop_id: self.shop_id()?,
            buyer_id: self.buyer_id()?,
            year: year.map_err(|_| broken("year", "is out of range"))?,
        })
    }

    fn amount(&self) -> Result<Money, StoreFault> {
        let currency = Currency::parse(&self.text("currency")?)
            .map_err(|error| broken("currency", &error.to_string()))?;
        Money::new(self.number("amount_minor")?, currency)
            .map_err(|error| broken("amount_minor", &error.to_string()))
    }
}

impl Columns for SqliteRow {
    fn text(&self, column: &str) -> Result<String, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn text_or_none(&self, column: &str) -> Result<Option<String>, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn number(&self, column: &str) -> Result<i64, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn number_or_none(&self, column: &str) -> Result<Option<i64>, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn uuid(&self, column: &str) -> Result<Uuid, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }
}

impl Columns for PgRow {
    fn text(&self, column: &str) -> Result<String, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn text_or_none(&self, column: &str) -> Result<Option<String>, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn number(&self, column: &str) -> Result<i64, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn number_or_none(&self, column: &str) -> Result<Option<i64>, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }

    fn uuid(&self, column: &str) -> Result<Uuid, StoreFault> {
        self.try_get(column).map_err(|error| broken(column, &error.to_string()))
    }
}

/// A number as the databases keep it.
pub(crate) fn signed(name: &str, number: u64) -> Result<i64, StoreFault> {
    i64::try_from(number).map_err(|_| StoreFault::Broken(format!("write {name} {number}: too big")))
}

fn unsigned(column: &str, number: i64) -> Result<u64, StoreFault> {
    u64::try_from(number).map_err(|_| broken(column, "is negative"))
}

fn moment(column: &str, ms: i64) -> Result<Moment, StoreFault> {
    let moment = Moment::from_ms(ms);
    // A moment that had to be bent into its range was never written by us.
    if moment.ms() == ms { Ok(moment) } else { Err(broken(column, "is not a moment")) }
}

fn id<T>(
    column: &str,
    text: &str,
    parse: impl Fn(&str) -> Result<T, IdError>,
) -> Result<T, StoreFault> {
    parse(text).map_err(|error| broken(column, &format!("{text:?}: {error}")))
}

fn broken(column: &str, why: &str) -> StoreFault {
    StoreFault::Broken(format!("read column {column}: {why}"))
}
