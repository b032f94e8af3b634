//! What stands behind signing in, on both databases: passwords, second factors, sessions, locks,
//! invitations, and the audit log that tells of them.

use crate::world::{Database, SHOP, World};
use app::{
    access::{
        credential::{self, Set},
        fault::Fault,
        invitation::{self, Joined},
        member::Member,
        password::Weakness,
        people::Office,
        second_factor::{self, Change},
        session::{self, Present, Which},
        sign_in::{SignIn, with_code, with_password},
        staff::{self, Done},
    },
    audit,
};
use domain::{
    actor::{Actor, Role},
    id::{PersonId, ShopId},
    moment::Span,
};
use totp_rs::Totp;

const PASSWORD: &str = "茶铺的后门在左边";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36";

on_both!(
    whoever_is_invited_sets_a_password_and_signs_in,
    an_invitation_is_good_once_and_for_seven_days,
    nobody_learns_who_exists_from_a_lock,
    a_hundred_guesses_at_once_are_five,
    a_session_ends_at_once,
    a_session_ends_by_itself,
    a_new_password_ends_other_sessions,
    whoever_is_shut_out_is_out_at_once,
    another_office_reaches_open_sessions,
    a_code_is_good_once,
    a_recovery_code_is_good_once,
    wrong_codes_lock_too,
    the_audit_log_is_read_backwards_page_by_page,
);

async fn member(world: &World, id: &str, office: Office) -> Member {
    world.person(id, office).await;
    Member::named(if office.role().is_some() { SHOP } else { "platform" }, id).unwrap()
}

/// Somebody who has set [`PASSWORD`].
async fn joined(world: &World, id: &str, office: Office) -> Member {
    let member = member(world, id, office).await;
    let app = &world.app;
    let at = app.desk.now();
    let token = invitation::make(&app.registry, &member, &Actor::System, at).await;
    let done = invitation::take_up(app, &token.unwrap().unwrap(), PASSWORD, at).await.unwrap();
    assert_eq!(done, Joined::Done(member.clone()));
    member
}

async fn try_in(world: &World, member: &Member, password: &str) -> SignIn {
    let at = world.app.desk.now();
    with_password(&world.app, Some(member), (password, CHROME), at).await.unwrap()
}

async fn signed_in(world: &World, member: &Member) -> String {
    match try_in(world, member, PASSWORD).await {
        SignIn::In(token) => token,
        SignIn::CodeNeeded(_) | SignIn::Wrong | SignIn::Locked(_) => panic!("not signed in"),
    }
}

async fn present(world: &World, token: &str) -> Option<Present> {
    session::read(&world.app, token, world.app.desk.now()).await.unwrap()
}

fn owner() -> Actor {
    Actor::Person { id: PersonId::parse("owner").unwrap(), role: Role::Owner }
}

async fn whoever_is_invited_sets_a_password_and_signs_in(database: Database) {
    let world = World::new(database).await;
    for (id, office) in [("li", Office::Agent), ("wang@p", Office::Arbiter)] {
        let member = joined(&world, id, office).await;

        assert!(try_in(&world, &member, "茶铺的后门在右边").await == SignIn::Wrong);
        let token = signed_in(&world, &member).await;

        let here = present(&world, &token).await.unwrap();
        assert_eq!((here.office, here.name.as_str()), (office, id));
        assert_eq!(here.caller(None).actor().person(), Some(&member.person_id));
        assert!(present(&world, &token.replace('.', ".0")).await.is_none());
    }
    let nobody = Member::named(SHOP, "nobody").unwrap();
    assert!(try_in(&world, &nobody, PASSWORD).await == SignIn::Wrong);
    let elsewhere = Member::named("coffee", "li").unwrap();
    assert!(try_in(&world, &elsewhere, PASSWORD).await == SignIn::Wrong);
}

async fn an_invitation_is_good_once_and_for_seven_days(database: Database) {
    let world = World::new(database).await;
    let (app, member) = (&world.app, member(&world, "li", Office::Agent).await);
    let make = async || {
        let at = app.desk.now();
        invitation::make(&app.registry, &member, &owner(), at).await.unwrap().unwrap()
    };
    let take_up = async |token: &str, password: &str| {
        invitation::take_up(app, token, password, app.desk.now()).await.unwrap()
    };
    let first = make().await;
    let second = make().await;

    assert_eq!(take_up(&first, PASSWORD).await, Joined::Gone);
    assert_eq!(take_up(&second, "12345678").await, Joined::Weak(Weakness::Guessable));
    let both = tokio::join!(take_up(&second, PASSWORD), take_up(&second, "另一个密码也可以"));
    let done = [both.0, both.1].into_iter().filter(|done| *done != Joined::Gone).count();
    assert_eq!(done, 1);
    assert_eq!(take_up(&second, PASSWORD).await, Joined::Gone);

    let late = make().await;
    assert!(invitation::read(app, &late, app.desk.now()).await.unwrap().is_some());
    world.clock.move_forward(Span::days(7));
    assert!(invitation::read(app, &late, app.desk.now()).await.unwrap().is_none());
    assert_eq!(take_up(&late, PASSWORD).await, Joined::Gone);
    let nobody = Member::named(SHOP, "nobody").unwrap();
    let made = invitation::make(&app.registry, &nobody, &owner(), app.desk.now()).await;
    assert_eq!(made.unwrap(), None);
}

async fn nobody_learns_who_exists_from_a_lock(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let nobody = Member::named(SHOP, "nobody").unwrap();
    for member in [&li, &nobody] {
        for _ in 0..4 {
            assert!(try_in(&world, member, "wrong password").await == SignIn::Wrong);
        }
        assert!(matches!(try_in(&world, member, "wrong password").await, SignIn::Locked(_)));
        assert!(matches!(try_in(&world, member, PASSWORD).await, SignIn::Locked(_)));
    }
    let shop_id = ShopId::parse(SHOP).unwrap();
    let lines = audit::list(&world.app.registry, &shop_id, None, 50).await.unwrap().lines;
    let told: Vec<_> = lines.iter().filter(|line| line.what.act == "person.locked").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].what.target, "person/li");

    world.clock.move_forward(Span::seconds(15 * 60));
    signed_in(&world, &li).await;
}

async fn a_hundred_guesses_at_once_are_five(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let guesses = (0..24).map(|n| {
        let (app, member) = (std::sync::Arc::clone(&world.app), li.clone());
        tokio::spawn(async move {
            let (guess, at) = (format!("guess number {n}"), app.desk.now());
            with_password(&app, Some(&member), (&guess, CHROME), at).await
        })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            Ok(SignIn::Wrong) => looked_at += 1,
            Ok(SignIn::Locked(_)) | Err(Fault::Busy) => {}
            Ok(SignIn::In(_) | SignIn::CodeNeeded(_)) => panic!("a guess was right"),
            Err(fault) => panic!("{fault}"),
        }
    }
    assert!(looked_at <= 4, "{looked_at}");
}

async fn a_session_ends_at_once(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let (app, at) = (&world.app, world.app.desk.now());
    let (one, other) = (signed_in(&world, &li).await, signed_in(&world, &li).await);
    let listed = session::list(app, &li, at).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].device, "Chrome · Windows");

    let here = present(&world, &one).await.unwrap();
    let by = here.caller(None).actor();
    session::end(app, &li, Which::Others(&here.session_id), &by, at).await.unwrap();
    assert!(present(&world, &other).await.is_none());
    assert!(present(&world, &one).await.is_some());

    session::end(app, &li, Which::One(&here.session_id), &by, at).await.unwrap();
    assert!(present(&world, &one).await.is_none());
    for _ in 0..22 {
        let token = session::open(app, &li, CHROME, at).await.unwrap().unwrap();
        assert!(present(&world, &token).await.is_some());
    }
    assert_eq!(session::list(app, &li, at).await.unwrap().len(), 20);
}

async fn a_session_ends_by_itself(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let idle = signed_in(&world, &li).await;
    world.clock.move_forward(Span::hours(12));
    assert!(present(&world, &idle).await.is_none());

    let used = signed_in(&world, &li).await;
    for _ in 0..30 {
        world.clock.move_forward(Span::hours(11));
        assert!(present(&world, &used).await.is_some());
    }
    world.clock.move_forward(Span::hours(6));
    assert!(present(&world, &used).await.is_none());
}

async fn a_new_password_ends_other_sessions(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let (one, other) = (signed_in(&world, &li).await, signed_in(&world, &li).await);
    let here = present(&world, &one).await.unwrap();
    let (app, at) = (&world.app, world.app.desk.now());
    let change = async |old: &str, new: &str| {
        credential::change_password(app, &here, (old, new), at).await.unwrap()
    };

    assert_eq!(change("not my password", "新的密码更好记").await, Set::Weak(Weakness::TooShort));
    assert_eq!(change("not my password", "新的密码更好记一些").await, Set::Wrong);
    assert!(present(&world, &other).await.is_some());
    assert_eq!(change(PASSWORD, "新的密码更好记一些").await, Set::Done);

    assert!(present(&world, &one).await.is_some());
    assert!(present(&world, &other).await.is_none());
    assert!(try_in(&world, &li, PASSWORD).await == SignIn::Wrong);
    assert!(matches!(try_in(&world, &li, "新的密码更好记一些").await, SignIn::In(_)));
}

async fn whoever_is_shut_out_is_out_at_once(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let token = signed_in(&world, &li).await;
    let (app, at) = (&world.app, world.app.desk.now());
    let invited = invitation::make(&app.registry, &li, &owner(), at).await.unwrap().unwrap();

    let done = staff::shut_out(&app.registry, &li, &owner(), at).await.unwrap();

    assert_eq!(done, Done::Changed);
    assert!(present(&world, &token).await.is_none());
    assert!(try_in(&world, &li, PASSWORD).await == SignIn::Wrong);
    assert_eq!(session::open(app, &li, CHROME, at).await.unwrap(), None);
    assert_eq!(invitation::take_up(app, &invited, PASSWORD, at).await.unwrap(), Joined::Gone);
}

async fn another_office_reaches_open_sessions(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let token = signed_in(&world, &li).await;
    let (app, at) = (&world.app, world.app.desk.now());
    let change = async |office, by: &Actor| {
        staff::change_office(&app.registry, &li, office, by, at).await.unwrap()
    };
    let oneself = present(&world, &token).await.unwrap().caller(None).actor();

    assert_eq!(change(Office::Owner, &oneself).await, Done::Oneself);
    assert_eq!(change(Office::Operator, &owner()).await, Done::NotHere);
    assert_eq!(change(Office::Agent, &owner()).await, Done::Unchanged);
    assert_eq!(change(Office::Finance, &owner()).await, Done::Changed);

    assert_eq!(present(&world, &token).await.unwrap().office, Office::Finance);
}

/// Enrols a second factor and answers with the codes of an authenticator and for recovery.
async fn enrolled(world: &World, member: &Member) -> (Totp, Vec<String>) {
    let token = signed_in(world, member).await;
    let here = present(world, &token).await.unwrap();
    let (app, at) = (&world.app, world.app.desk.now());
    let shown = second_factor::begin(app, &here, at).await.unwrap().unwrap();
    let again = second_factor::pending(app, member).await.unwrap().unwrap();
    assert_eq!(again.address, shown.address);
    let totp = Totp::from_url(&shown.address).unwrap();
    let wrong = second_factor::confirm(app, &here, "000000x", at).await.unwrap();
    assert_eq!(wrong, Change::WrongCode);
    let code = totp.generate(seconds(world) - 30).to_string();
    let done = second_factor::confirm(app, &here, &code, at).await.unwrap();
    let Change::Confirmed(codes) = done else { panic!("{done:?}") };
    assert_eq!(codes.len(), 10);
    (totp, codes)
}

fn seconds(world: &World) -> u64 {
    u64::try_from(world.app.desk.now().ms() - world.clock.apart_ms()).unwrap() / 1_000
}

async fn code_in(world: &World, member: &Member, code: &str) -> SignIn {
    let SignIn::CodeNeeded(stamp) = try_in(world, member, PASSWORD).await else {
        panic!("no code is asked for")
    };
    with_code(&world.app, &stamp, (code, CHROME), world.app.desk.now()).await.unwrap()
}

async fn a_code_is_good_once(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let (totp, _) = enrolled(&world, &li).await;
    let next = totp.generate(seconds(&world) + 30).to_string();

    assert!(matches!(code_in(&world, &li, &next).await, SignIn::In(_)));
    assert!(code_in(&world, &li, &next).await == SignIn::Wrong);
    let before = totp.generate(seconds(&world)).to_string();
    assert!(code_in(&world, &li, &before).await == SignIn::Wrong);

    let (app, at) = (&world.app, world.app.desk.now());
    assert_eq!(second_factor::end(app, &li, &owner(), at).await.unwrap(), Change::Ended);
    world.clock.move_forward(Span::hours(1));
    signed_in(&world, &li).await;
}

async fn a_recovery_code_is_good_once(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    let (_, codes) = enrolled(&world, &li).await;
    let typed = format!(" {}-{}", codes[3][..5].to_uppercase(), &codes[3][5..]);

    assert!(matches!(code_in(&world, &li, &typed).await, SignIn::In(_)));
    assert!(code_in(&world, &li, &codes[3]).await == SignIn::Wrong);
    assert!(matches!(code_in(&world, &li, &codes[4]).await, SignIn::In(_)));
    let kept = credential::load(&world.app, &li).await.unwrap().unwrap().body;
    assert_eq!(kept.recovery_codes_left(), 8);
}

async fn wrong_codes_lock_too(database: Database) {
    let world = World::new(database).await;
    let li = joined(&world, "li", Office::Agent).await;
    enrolled(&world, &li).await;
    let SignIn::CodeNeeded(stamp) = try_in(&world, &li, PASSWORD).await else { panic!() };
    let at = world.app.desk.now();
    for _ in 0..3 {
        assert!(
            with_code(&world.app, &stamp, ("nocode", CHROME), at).await.unwrap() == SignIn::Wrong
        );
    }
    let last = with_code(&world.app, &stamp, ("nocode", CHROME), at).await.unwrap();
    assert!(matches!(last, SignIn::Locked(_)));
    assert!(matches!(try_in(&world, &li, PASSWORD).await, SignIn::Locked(_)));
    let forged = stamp.replacen('.', "A.", 1);
    assert!(with_code(&world.app, &forged, ("nocode", CHROME), at).await.unwrap() == SignIn::Wrong);
}

async fn the_audit_log_is_read_backwards_page_by_page(database: Database) {
    let world = World::new(database).await;
    for n in 0..25 {
        world.person(&format!("p{n}"), Office::Agent).await;
    }
    let shop_id = ShopId::parse(SHOP).unwrap();
    let (mut before, mut targets) = (None, Vec::new());
    loop {
        let page = audit::list(&world.app.registry, &shop_id, before.as_deref(), 10).await;
        let page = page.unwrap();
        targets.extend(page.lines.into_iter().map(|line| line.what.target));
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    // The shop and its owner came first.
    assert_eq!(targets.len(), 27);
    assert_eq!((targets[0].as_str(), targets[24].as_str()), ("person/p24", "person/p0"));
}
