//! The decision panel: what this visitor may do now, the form that is open, and what it will
//! lead to.

use super::{
    deed::{Filled, Stand, act, seen},
    dossier::Dossier,
    foresight::{self, Ahead},
    form::{self, Form},
    warning::{self, Warning},
};
use crate::{
    api::{cases::money::named_account, problem::Problem},
    assembly::App,
    pages::{act::Found, fields::Fields, page::Page, parts::history::Line, visit::Visit},
    vault::PayoutAccount,
    world::new_command_id,
};
use domain::{
    case::ProposedDecision,
    command::Command,
    id::{FileId, RefundNo},
    money::Money,
};
use engine::desk::Envelope;
use providers::wechat_pay::refund::abnormal::Bank;

/// The panel.
pub struct Panel {
    /// What may be done.
    pub tabs: Vec<Tab>,
    /// The form that is open.
    pub open: Option<Open>,
}

/// A form that may be opened.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Its name.
    pub slug: &'static str,
    /// What it is called.
    pub word: String,
    /// Where it is.
    pub path: String,
    /// Whether it is the one that is open.
    pub here: bool,
}

/// A form that is open.
pub struct Open {
    /// Its name.
    pub slug: &'static str,
    /// What it is called.
    pub title: String,
    /// Where it is sent.
    pub path: String,
    /// The version of the order it was shown with.
    pub version: u64,
    /// What was typed.
    pub fields: Fields,
    /// Files put on record with it.
    pub files: Vec<FileId>,
    /// What it will lead to; absent if it would be refused.
    pub ahead: Option<Ahead>,
    /// Why it would be refused.
    pub refused: Option<Problem>,
    /// What was shown, to be sent along.
    pub seen: String,
    /// What a refusal would mean (P1).
    pub warning: Option<Warning>,
    /// What happened since it was filled in.
    pub since: Vec<Line>,
    /// That it must be looked at again before it is sent.
    pub again: bool,
    /// The amount that is due, as typed.
    pub due: String,
    /// Whether the goods come back where nothing else is chosen.
    pub returns: bool,
    /// The designated account in the clear, for those who pay it.
    pub account: Option<PayoutAccount>,
    /// Whether money hangs on it.
    pub moves_money: bool,
    /// What a colleague proposed.
    pub proposed: Option<Proposed>,
}

/// What a colleague proposed.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// Who.
    pub by: String,
    /// When.
    pub at: domain::moment::Moment,
    /// The note with it.
    pub note: String,
    /// Whether the visitor is that colleague.
    pub mine: bool,
}

impl Open {
    /// What was chosen of a field, or else the usual.
    #[must_use]
    pub fn chose(&self, name: &str, value: &str, usual: &str) -> bool {
        let chosen = self.fields.one(name);
        if chosen.is_empty() { value == usual } else { chosen == value }
    }

    /// Whether goods come back where nothing is chosen.
    #[must_use]
    pub const fn usual_goods(&self) -> &'static str {
        if self.returns { "return" } else { "keep" }
    }

    /// The key of what the button says.
    #[must_use]
    pub fn button_key(&self) -> String {
        format!("mcase-button-{}", self.slug)
    }

    /// The banks whose debit cards the channel can refund to.
    #[must_use]
    pub const fn banks(&self) -> [&'static str; 15] {
        Bank::NAMES
    }

    /// Whether a bank was chosen.
    #[must_use]
    pub fn is_bank(&self, bank: &str) -> bool {
        self.fields.one("bank") == bank
    }

    /// What the button says of the money.
    #[must_use]
    pub fn amount(&self) -> Option<&str> {
        self.ahead.as_ref().and_then(|ahead| ahead.amount.as_deref())
    }

    /// Whether a colleague must confirm it.
    #[must_use]
    pub fn proposes(&self) -> bool {
        self.ahead.as_ref().is_some_and(|ahead| ahead.needs_second_person)
    }
}

/// A form as it came in, to be shown.
pub struct Shown {
    /// Which.
    pub form: Form,
    /// What was typed.
    pub fields: Fields,
    /// Files put on record with it.
    pub files: Vec<FileId>,
    /// What happened since it was filled in.
    pub since: Vec<Line>,
    /// That it must be looked at again.
    pub again: bool,
}

impl Shown {
    /// A form that nothing was typed into.
    #[must_use]
    pub fn empty(form: Form) -> Self {
        let (fields, files, since) = (Fields::default(), Vec::new(), Vec::new());
        Self { form, fields, files, since, again: false }
    }
}

/// Builds the panel with a form open: the one asked for, or the first that may be used.
///
/// # Errors
/// A [`Problem`] if something it needs cannot be read.
pub async fn panel(
    app: &App,
    dossier: &Dossier,
    visit: &Visit,
    shown: Option<Shown>,
) -> Result<Panel, Problem> {
    let forms = form::tabs(&dossier.case, visit);
    let shown = shown.or_else(|| forms.first().cloned().map(Shown::empty));
    let here = shown.as_ref().map(|shown| shown.form.slug());
    let path = dossier.path();
    let tab = |form: &Form| Tab {
        slug: form.slug(),
        word: visit.page.t(&format!("mcase-tab-{}", form.slug())),
        path: format!("{path}/{}", form.below()),
        here: here == Some(form.slug()),
    };
    let tabs = forms.iter().map(tab).collect();
    let open = match shown {
        Some(shown) => Some(open(app, dossier, visit, shown).await?),
        None => None,
    };
    Ok(Panel { tabs, open })
}

async fn open(app: &App, dossier: &Dossier, visit: &Visit, shown: Shown) -> Result<Open, Problem> {
    let Shown { form, fields, files, since, again } = shown;
    let p = &visit.page;
    let (ahead, refused) = foresee(app, dossier, visit, (&form, &fields)).await?;
    let case = &dossier.case;
    let warning =
        if form == Form::Reject { Some(warning::of(app, dossier, visit).await?) } else { None };
    Ok(Open {
        slug: form.slug(),
        title: p.t(&format!("mcase-tab-{}", form.slug())),
        path: format!("{}/{}", dossier.path(), form.below()),
        version: dossier.order.version,
        seen: seen(&fields),
        due: yuan(case.due_to_buyer()),
        returns: case.goods_are_out(),
        warning,
        account: account(app, dossier, visit, &form).await?,
        moves_money: form.moves_money(),
        proposed: proposed(dossier, visit),
        fields,
        files,
        ahead,
        refused,
        since,
        again,
    })
}

/// What a form would lead to as it is filled in; or why it would be refused.
async fn foresee(
    app: &App,
    dossier: &Dossier,
    visit: &Visit,
    (form, fields): (&Form, &Fields),
) -> Result<(Option<Ahead>, Option<Problem>), Problem> {
    if matches!(form, Form::NameCard(_) | Form::NameAccount(_)) {
        return Ok((Some(Ahead::default()), None));
    }
    let found = Found {
        key: dossier.key.clone(),
        case_id: dossier.case.case_id,
        command_id: new_command_id(),
    };
    let filled = Filled { dossier, visit, fields, stand: Stand::Looked };
    let act = match act(app, form, &filled, &found).await {
        Ok(act) => act,
        Err(problem) => return Ok((None, Some(problem))),
    };
    let envelope = Envelope {
        key: found.key,
        command: Command::Case { case_id: found.case_id, act },
        command_id: found.command_id,
        by: visit.asked.caller.actor(),
        receipt: None,
        expected: None,
        settles: None,
    };
    match app.desk.foresee(&envelope).await {
        Ok(foreseen) => Ok((Some(foresight::tell(&foreseen, dossier, &visit.page)), None)),
        Err(trouble) => Ok((None, Some(Problem::trouble(trouble, visit.language())))),
    }
}

/// Whoever pays must see to whom.
async fn account(
    app: &App,
    dossier: &Dossier,
    visit: &Visit,
    form: &Form,
) -> Result<Option<PayoutAccount>, Problem> {
    let (Form::ApprovePayout(refund_no) | Form::MarkPaid(refund_no)) = form else {
        return Ok(None);
    };
    let may = form.is_open(&dossier.case, visit);
    if may { named(app, dossier, visit, refund_no).await } else { Ok(None) }
}

async fn named(
    app: &App,
    dossier: &Dossier,
    visit: &Visit,
    refund_no: &RefundNo,
) -> Result<Option<PayoutAccount>, Problem> {
    named_account(app, &visit.asked, (&dossier.key, &dossier.records), refund_no).await
}

fn proposed(dossier: &Dossier, visit: &Visit) -> Option<Proposed> {
    let proposal = dossier.case.proposal.as_ref()?;
    let (ProposedDecision::Approve { note, .. }
    | ProposedDecision::Offer { note, .. }
    | ProposedDecision::Inspect { note, .. }) = &proposal.decision;
    let person = proposal.by.person();
    let by = person.map_or_else(
        || visit.page.word_of_side(&proposal.by.side()),
        |id| dossier.names.of(id.as_str()).to_owned(),
    );
    let mine = person.is_some() && person == visit.asked.caller.actor().person();
    Some(Proposed { by, at: proposal.at, note: note.clone(), mine })
}

/// `1234.50`, as people type it.
#[must_use]
pub fn yuan(amount: Money) -> String {
    let minor = amount.minor();
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// What the page is called while a form is open.
#[must_use]
pub fn title(p: &Page, dossier: &Dossier) -> String {
    let case_type = p.word_in("case-type", &dossier.case.application.case_type);
    format!("{case_type} · {}", dossier.facts.order_id)
}
