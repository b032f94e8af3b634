//! How the domain's own kinds of values look in an OpenAPI document.

use crate::{
    id::{
        BuyerId, CaseId, ClauseId, CommandId, FileId, ItemId, KeyId, OrderId, PersonId, ReasonCode,
        RefundNo, TransactionId,
    },
    moment::Moment,
    money::Currency,
};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

macro_rules! plain_texts {
    ($($name:ident: $schema:expr),+ $(,)?) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::Object($schema.build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

fn id(max: usize) -> ObjectBuilder {
    text().min_length(Some(1)).max_length(Some(max)).pattern(Some("^[0-9A-Za-z_.:@|*#-]+$"))
}

fn uuid() -> ObjectBuilder {
    text().format(Some(SchemaFormat::Custom("uuid".into())))
}

fn format(format: KnownFormat) -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(format)))
}

plain_texts! {
    OrderId: id(64),
    BuyerId: id(128),
    ItemId: id(64),
    TransactionId: id(64),
    PersonId: id(64),
    KeyId: id(64),
    FileId: id(64),
    ReasonCode: id(64),
    ClauseId: id(32),
    RefundNo: id(64),
    CaseId: uuid(),
    CommandId: uuid(),
    Moment: format(KnownFormat::DateTime),
    Currency: text().pattern(Some("^[A-Z]{3}$")),
}
