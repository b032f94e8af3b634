//! Parts of an upload: in order, once each, continued after a break.

use super::{MIB, World, buyer, check_code, film, id, new, part, send};
use crate::evidence::{
    Digest, Fault, Part, Retry, State,
    fixture::{JPEG, joined},
    sniff::Media,
};
use bytes::Bytes;
use domain::moment::Span;
use futures_util::future::join_all;

#[tokio::test]
async fn an_upload_by_parts_becomes_a_file() {
    let world = World::new().await;
    let (files, who, bytes) = (world.files(), buyer("b1"), film());

    let progress = files.begin(&who, &new(1, &bytes), world.now).await.unwrap();
    assert_eq!((progress.part_size, progress.next_offset), (MIB as u64, 0));
    assert_eq!(progress.expires_at, world.at(Span::hours(24)));
    let file = send(&files, &who, progress, &bytes, world.now).await.unwrap();

    assert_eq!((file.media, file.width, file.height), (Media::Mp4, Some(64), Some(48)));
    assert_eq!((file.size, file.sha256), (bytes.len() as u64, Digest::of(&bytes)));
    assert_eq!(file.uploaded_by, who.actor);
    assert_eq!(world.paths(), [format!("files/shop-1/2026/11/{}", id(1))]);
    assert_eq!(files.status(&who, id(1), world.now).await.unwrap().state, State::Finished);
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let world = World::new().await;
    let (who, bytes) = (buyer("b1"), film());
    let begun = world.files().begin(&who, &new(1, &bytes), world.now).await.unwrap();
    world.files().put_part(&who, begun.upload_id, &part(&bytes, 0), world.now).await.unwrap();

    let again = world.files().begin(&who, &new(1, &bytes), world.at(Span::hours(2))).await.unwrap();
    assert_eq!((again.next_offset, again.expires_at), (MIB as u64, begun.expires_at));
    let file = send(&world.files(), &who, again, &bytes, world.now).await.unwrap();

    assert_eq!(file.sha256, Digest::of(&bytes));
}

#[tokio::test]
async fn the_same_part_again_is_answered_the_same() {
    let world = World::new().await;
    let (files, who, bytes) = (world.files(), buyer("b1"), film());
    files.begin(&who, &new(1, &bytes), world.now).await.unwrap();

    let first = files.put_part(&who, id(1), &part(&bytes, 0), world.now).await.unwrap();
    assert_eq!(files.put_part(&who, id(1), &part(&bytes, 0), world.now).await.unwrap(), first);
    let second = files.put_part(&who, id(1), &part(&bytes, 1), world.now).await.unwrap();
    assert_eq!(files.put_part(&who, id(1), &part(&bytes, 0), world.now).await.unwrap(), second);

    let file = send(&files, &who, second, &bytes, world.now).await.unwrap();
    let late = files.put_part(&who, id(1), &part(&bytes, 2), world.now).await.unwrap();
    assert_eq!(late.state, State::Finished);
    assert_eq!(files.finish(&who, id(1), world.now).await.unwrap(), file);
}

#[tokio::test]
async fn a_part_out_of_place_is_told_where_to_go_on() {
    let world = World::new().await;
    let (files, who, bytes) = (world.files(), buyer("b1"), film());
    files.begin(&who, &new(1, &bytes), world.now).await.unwrap();

    let early = files.put_part(&who, id(1), &part(&bytes, 1), world.now).await;
    assert_eq!(early.unwrap_err().next_offset(), Some(0));
    files.put_part(&who, id(1), &part(&bytes, 0), world.now).await.unwrap();
    let between = Part { offset: 7, ..part(&bytes, 1) };
    let between = files.put_part(&who, id(1), &between, world.now).await;
    assert_eq!(between.unwrap_err().next_offset(), Some(MIB as u64));
    let short = Part { bytes: Bytes::from_static(b"short"), ..part(&bytes, 1) };
    check_code(files.put_part(&who, id(1), &short, world.now).await, "upload_wrong_length");
    let beyond = Part { offset: u64::MAX, ..part(&bytes, 1) };
    check_code(files.put_part(&who, id(1), &beyond, world.now).await, "upload_wrong_offset");
    let unfinished = files.finish(&who, id(1), world.now).await;
    assert_eq!(unfinished.unwrap_err().next_offset(), Some(MIB as u64));
}

#[tokio::test]
async fn damaged_and_changed_parts_are_refused() {
    let world = World::new().await;
    let (files, who, bytes) = (world.files(), buyer("b1"), film());
    files.begin(&who, &new(1, &bytes), world.now).await.unwrap();

    let damaged = Part { sha256: Some(Digest::of(b"other")), ..part(&bytes, 0) };
    check_code(files.put_part(&who, id(1), &damaged, world.now).await, "upload_digest_differs");
    files.put_part(&who, id(1), &part(&bytes, 0), world.now).await.unwrap();
    let changed = Part { bytes: vec![7; MIB].into(), ..part(&bytes, 0) };
    check_code(files.put_part(&who, id(1), &changed, world.now).await, "upload_part_differs");
}

#[tokio::test]
async fn parts_and_finishes_at_the_same_time_make_one_file() {
    let world = World::new().await;
    let (who, bytes) = (buyer("b1"), film());
    let (files, others) = (world.files(), world.files());
    files.begin(&who, &new(1, &bytes), world.now).await.unwrap();

    let both = [&files, &others, &files, &others, &files, &others];
    for number in 0..3 {
        let part = part(&bytes, number);
        let calls = both.map(|files| files.put_part(&who, id(1), &part, world.now));
        assert!(join_all(calls).await.iter().all(Result::is_ok));
    }
    let calls = both.map(|files| files.finish(&who, id(1), world.now));
    let finished = join_all(calls).await;

    // Whoever meets another in the middle may be told to ask again, and then sees the same file.
    let again = |fault: &Fault| fault.retry() == Retry::Later;
    assert!(finished.iter().all(|outcome| outcome.as_ref().err().is_none_or(again)));
    let file = files.finish(&who, id(1), world.now).await.unwrap();
    assert!(finished.into_iter().flatten().all(|other| other == file));
    others.sweep(world.at(Span::hours(1))).await.unwrap();
    assert_eq!(world.paths(), [format!("files/shop-1/2026/11/{}", id(1))]);
}

#[tokio::test]
async fn a_file_of_a_wrong_type_is_refused_at_its_first_part() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let gif = joined(&[b"GIF89a", &[0; 100]]);
    files.begin(&who, &new(1, &gif), world.now).await.unwrap();
    check_code(
        files.put_part(&who, id(1), &part(&gif, 0), world.now).await,
        "file_type_not_allowed",
    );

    let large = joined(&[JPEG, &vec![0; 21 * MIB]]);
    files.begin(&who, &new(2, &large), world.now).await.unwrap();
    check_code(files.put_part(&who, id(2), &part(&large, 0), world.now).await, "file_too_large");
}

#[tokio::test]
async fn a_disguised_file_is_refused_for_good_and_nothing_of_it_stays() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let bytes = joined(&[JPEG, &[0; 2_000], b"<script>alert(1)</script>"]);
    let begun = files.begin(&who, &new(1, &bytes), world.now).await.unwrap();

    check_code(send(&files, &who, begun, &bytes, world.now).await, "file_trailing_bytes");
    check_code(files.finish(&who, id(1), world.now).await, "file_trailing_bytes");
    assert_eq!(files.status(&who, id(1), world.now).await.unwrap().state, State::Refused);
    assert!(world.paths().is_empty());
}

#[tokio::test]
async fn bytes_that_are_not_those_declared_are_refused() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let mut declared = new(1, JPEG);
    declared.sha256 = Some(Digest::of(b"other"));
    let begun = files.begin(&who, &declared, world.now).await.unwrap();

    check_code(send(&files, &who, begun, JPEG, world.now).await, "upload_digest_differs");
    assert!(world.paths().is_empty());
}
