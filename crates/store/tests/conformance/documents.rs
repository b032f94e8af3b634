//! The registry: documents with versions.

use super::{
    fixture::{moment, shop},
    ground::Ground,
};
use domain::id::ShopId;
use engine::rows::Document;
use std::sync::Arc;

fn document(kind: &str, id: &str, version: u64) -> Document {
    Document {
        shop_id: shop(),
        kind: kind.into(),
        id: id.into(),
        version,
        updated_at: moment(i64::try_from(version).unwrap()),
        body: format!(r#"{{"version":{version}}}"#),
    }
}

async fn put(ground: &Ground, documents: &[Document]) -> bool {
    ground.store.put_documents(documents).await.unwrap()
}

async fn version(ground: &Ground, id: &str) -> Option<u64> {
    let document = ground.store.document(&shop(), "person", id).await.unwrap();
    document.map(|document| document.version)
}

pub async fn a_document_is_created_and_changed_by_version(ground: Arc<Ground>) {
    assert_eq!(version(&ground, "a").await, None);
    assert!(put(&ground, &[document("person", "a", 1)]).await);
    assert!(put(&ground, &[document("person", "a", 2)]).await);

    let stored = ground.store.document(&shop(), "person", "a").await.unwrap();
    assert_eq!(stored, Some(document("person", "a", 2)));
    let another = ShopId::parse("another").unwrap();
    assert_eq!(ground.store.document(&another, "person", "a").await.unwrap(), None);
    assert!(put(&ground, &[]).await);
}

pub async fn a_document_of_another_version_is_not_written(ground: Arc<Ground>) {
    assert!(put(&ground, &[document("person", "a", 1)]).await);

    for stale in [1, 3] {
        assert!(!put(&ground, &[document("person", "a", stale)]).await);
    }

    assert!(!put(&ground, &[document("person", "new", 2)]).await);
    assert!(ground.store.put_documents(&[document("person", "a", 0)]).await.is_err());
    assert_eq!(version(&ground, "a").await, Some(1));
}

pub async fn documents_are_written_all_or_none(ground: Arc<Ground>) {
    assert!(put(&ground, &[document("person", "a", 1), document("person", "b", 1)]).await);

    let batch =
        [document("person", "a", 2), document("person", "c", 1), document("person", "b", 1)];
    assert!(!put(&ground, &batch).await);
    assert_eq!(version(&ground, "a").await, Some(1));
    assert_eq!(version(&ground, "c").await, None);

    // A later document may follow an earlier version of the same call.
    assert!(put(&ground, &[document("person", "d", 1), document("person", "d", 2)]).await);
    assert_eq!(version(&ground, "d").await, Some(2));
}

pub async fn documents_are_listed_by_kind_and_id(ground: Arc<Ground>) {
    let all = ["b", "a", "c", "d"].map(|id| document("person", id, 1));
    assert!(put(&ground, &all).await);
    assert!(put(&ground, &[document("key", "a", 1)]).await);
    let ids = async |after: &'static str, limit| {
        let documents = ground.store.documents(&shop(), "person", after, limit).await.unwrap();
        documents.iter().map(|document| document.id.as_str()).collect::<String>()
    };

    assert_eq!(ids("", 10).await, "abcd");
    assert_eq!(ids("", 2).await, "ab");
    assert_eq!(ids("b", 10).await, "cd");
    assert_eq!(ids("d", 10).await, "");
}

pub async fn documents_are_listed_backwards(ground: Arc<Ground>) {
    let all = ["b", "a", "c", "d"].map(|id| document("person", id, 1));
    assert!(put(&ground, &all).await);
    assert!(put(&ground, &[document("key", "a", 1)]).await);
    let ids = async |before: &'static str, limit| {
        let documents = ground.store.documents_before(&shop(), "person", before, limit).await;
        documents.unwrap().iter().map(|document| document.id.as_str()).collect::<String>()
    };

    assert_eq!(ids("~", 10).await, "dcba");
    assert_eq!(ids("~", 2).await, "dc");
    assert_eq!(ids("c", 10).await, "ba");
    assert_eq!(ids("a", 10).await, "");
}

pub async fn of_many_writers_of_one_document_exactly_one_wins(ground: Arc<Ground>) {
    for version in 1..=3 {
        let writers: Vec<_> = (0..16)
            .map(|n| {
                let store = Arc::clone(&ground.store);
                let mut document = document("person", "a", version);
                document.body = format!("writer {n}");
                tokio::spawn(async move { store.put_documents(&[document]).await.unwrap() })
            })
            .collect();
        let mut won = 0;
        for writer in writers {
            won += u32::from(writer.await.unwrap());
        }
        assert_eq!(won, 1, "version {version}");
    }
}
