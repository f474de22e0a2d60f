//! Reads one request: puts form, name, reasons, possessions, secrets and language together.

use std::collections::BTreeMap;

use smallvec::{SmallVec, smallvec};

use super::account::{Account, Spans};
use super::doubts::{doubts_in, missing_in};
use super::evidence::{Conclusion, Doubt, Evidence};
use super::form::kinds::{KindSheet, NO, YES};
use super::form::{Answer, Form, Sheet, Ticks, split};
use super::language::language_of;
use super::possessions::{email_access, password_known, recovery_codes};
use super::prose::Prose;
use super::reasons::reasons_of;
use super::scope::{is_account_recovery, site_of};
use super::secrets::{SecretSpan, find_secrets, find_secrets_beside, kinds_of};
use super::span::{Source, Span};
use super::username::{NameReading, read_name};
use super::{Checkboxes, Known, OtherField, Reading, Reason, RecoveryCodes, Site};

/// Reads an issue: its title and body, in whatever shape they are.
pub fn read_request(form: &Form, title: &str, body: &str) -> Reading {
    read_labelled(form, (title, body), &[])
}

/// The same of an issue with labels: some kinds of requests are recognised by them.
pub fn read_labelled(form: &Form, (title, body): (&str, &str), labels: &[String]) -> Reading {
    let source = Source::new(title, body);
    let request = Request::new(form, &source);
    match form.kind_of(&source, labels) {
        None => request.reading(),
        Some(kind) => request.reading_of(kind),
    }
}

/// Conclusions that hardly a request exceeds.
const EVIDENCE_USUAL_MAX: usize = 16;

/// A request taken apart.
struct Request<'a> {
    source: &'a Source,
    sheet: Sheet<'a>,
    checkboxes: Checkboxes,
    account: Account,
    name: NameReading,
    secrets: Vec<SecretSpan>,
    language: Conclusion<&'static str>,
    links: Vec<Span>,
    /// Whether the title says no more than the form proposes, and is there.
    has_form_title: bool,
}

/// Where the boxes of the form stand, in order.
fn box_lines(source: &Source, sheet: &Sheet<'_>) -> SmallVec<[Span; 3]> {
    let Ticks { recovery_codes, code_of_conduct, acknowledgement } = sheet.boxes;
    let ticks = [recovery_codes, code_of_conduct, acknowledgement].into_iter().flatten();
    let mut lines: SmallVec<_> = ticks.map(|tick| source.span_of(tick.line)).collect();
    lines.sort_unstable_by_key(|line: &Span| line.start);
    lines
}

/// What the rules conclude from it.
struct Conclusions {
    reasons: Vec<Conclusion<Reason>>,
    email_access: Option<Conclusion<Known>>,
    password_known: Option<Conclusion<Known>>,
    recovery_codes: Option<Conclusion<RecoveryCodes>>,
    site: Option<Conclusion<Site>>,
    is_account_recovery: Conclusion<bool>,
}

impl<'a> Request<'a> {
    fn new(form: &Form, source: &'a Source) -> Self {
        let sheet = split(form, source.body());
        let title = source.title();
        let says_title = !form.is_own_title(title);
        let spoken_title = says_title.then_some(title).into_iter();
        let spoken: SmallVec<[&str; 4]> =
            spoken_title.chain(sheet.reason.blocks.iter().copied()).collect();
        let mut prose = Prose::of(source, &spoken, |line| form.kind_of_line(line));
        let language = language_of(source, &prose);
        Self {
            has_form_title: !says_title && !title.trim().is_empty(),
            account: Account::of(&mut prose),
            name: read_name(source, sheet.username.as_ref(), &spoken),
            language,
            links: prose.links(),
            secrets: find_secrets_beside(source.with_comments(), &box_lines(source, &sheet)),
            source,
            checkboxes: sheet.boxes.checkboxes(),
            sheet,
        }
    }

    fn reading(self) -> Reading {
        let conclusions = self.conclusions();
        let (evidence, other_fields) = (self.evidence(&conclusions), self.other_fields());
        let mut reasons: Vec<Reason> =
            conclusions.reasons.iter().map(|conclusion| conclusion.value).collect();
        reasons.dedup();
        let value = |known: &Option<Conclusion<Known>>| {
            known.as_ref().map_or(Known::Unknown, |conclusion| conclusion.value)
        };
        let mut reading = Reading {
            is_account_recovery: conclusions.is_account_recovery.value,
            form: self.sheet.kind,
            username: self.name.name,
            username_candidates: self.name.candidates,
            email_access: value(&conclusions.email_access),
            password_known: value(&conclusions.password_known),
            recovery_codes: conclusions
                .recovery_codes
                .as_ref()
                .map_or(RecoveryCodes::Unknown, |conclusion| conclusion.value),
            checkboxes: self.checkboxes,
            site: conclusions.site.as_ref().map_or(Site::Unknown, |conclusion| conclusion.value),
            other_fields,
            language: self.language.value.to_owned(),
            sensitive: kinds_of(&self.secrets),
            missing: Vec::new(),
            doubts: Vec::new(),
            evidence,
            reasons,
            kind: None,
            fields: BTreeMap::new(),
            missing_fields: Vec::new(),
        };
        reading.missing = missing_in(&reading);
        reading.doubts = doubts_in(&reading, &self.account, &conclusions.reasons);
        reading.doubts.extend(self.name.doubt.map(|why| Doubt::new("username", why)));
        reading
    }

    /// A request of another kind: what it says of an account is no matter of its.
    fn reading_of(self, kind: KindSheet<'_>) -> Reading {
        let labels = kind.headings.iter().map(|label| self.source.span_of(label));
        let places = labels.map(|label| self.source.place_of(label)).collect();
        let read = self.reading();
        // Where a secret stands is blanked first; until then nothing near it is repeated.
        let has_secret = read.sensitive.iter().any(|kind| kind.is_secret());
        let is_private = |value: &str| !find_secrets(value).is_empty();
        let shown = |value: String| match has_secret || is_private(&value) {
            true if !matches!(value.as_str(), "" | YES | NO) => "…".to_owned(),
            true | false => value,
        };
        let told = Evidence {
            field: "kind".into(),
            value: kind.kind.clone().into(),
            rule: "by its headings, its title or its labels".into(),
            places,
        };
        let is_kept = |told: &Evidence| ["form", "language", "sensitive"].contains(&&*told.field);
        let evidence = read.evidence.into_iter().filter(is_kept).chain([told]).collect();
        let fields = kind.fields.into_iter().map(|(name, value)| (name, shown(value))).collect();
        Reading {
            form: read.form,
            checkboxes: read.checkboxes,
            language: read.language,
            sensitive: read.sensitive,
            evidence,
            kind: Some(kind.kind),
            fields,
            missing_fields: kind.missing,
            ..Reading::default()
        }
    }

    fn conclusions(&self) -> Conclusions {
        let account = &self.account;
        let mut reasons = reasons_of(account);
        if self.name.is_stated {
            reasons.retain(|reason| reason.value != Reason::ForgotUsername);
        }
        let knows_name = reasons.iter().all(|reason| reason.value != Reason::ForgotUsername);
        if self.name.is_unknown_to_writer && knows_name {
            let rule = "the field says that the user name is not known";
            reasons.push(Conclusion::new(Reason::ForgotUsername, rule, self.username_spans()));
            reasons.sort_by_key(|conclusion| conclusion.value);
        }
        Conclusions {
            email_access: email_access(account, &reasons),
            password_known: password_known(account, &reasons),
            recovery_codes: recovery_codes(account).or_else(|| self.codes_by_box()),
            site: site_of(self.source, account, &self.links),
            is_account_recovery: is_account_recovery(
                (self.sheet.kind, self.has_form_title),
                account,
                &reasons,
            ),
            reasons,
        }
    }

    fn codes_by_box(&self) -> Option<Conclusion<RecoveryCodes>> {
        let tick = self.sheet.boxes.recovery_codes.filter(|tick| tick.is_ticked)?;
        let rule = "the prose is silent and the box is ticked";
        Some(Conclusion::new(RecoveryCodes::Lost, rule, smallvec![self.source.span_of(tick.line)]))
    }

    fn username_spans(&self) -> Spans {
        self.sheet.username.iter().flat_map(|answer| self.spans_of(answer)).collect()
    }

    fn other_fields(&self) -> Vec<OtherField> {
        let fields = self.sheet.others.iter().map(|field| OtherField {
            label: field.label.to_owned(),
            places: self.spans_of(&field.answer).map(|span| self.source.place_of(span)).collect(),
        });
        fields.collect()
    }

    fn spans_of(&self, answer: &Answer<'_>) -> impl Iterator<Item = Span> {
        answer.blocks.iter().map(|block| self.source.span_of(block.trim()))
    }

    /// The headings tell the form, and each box stands on its line.
    fn add_form_evidence(&self, evidence: &mut Vec<Evidence>) {
        let source = self.source;
        let labels = self.sheet.headings.iter().map(|heading| source.span_of(heading.label));
        evidence.push(Evidence {
            field: "form".into(),
            value: self.sheet.kind.name().into(),
            rule: "by the headings that are there".into(),
            places: labels.map(|label| source.place_of(label)).collect(),
        });
        let boxes = &self.sheet.boxes;
        for (name, tick) in [
            ("recovery_codes", boxes.recovery_codes),
            ("code_of_conduct", boxes.code_of_conduct),
            ("acknowledgement", boxes.acknowledgement),
        ] {
            let Some(tick) = tick else { continue };
            let rule = if tick.is_ticked { "the box is ticked" } else { "the box is not ticked" };
            let ticked = Conclusion::new((), rule, smallvec![source.span_of(tick.line)]);
            evidence.push(ticked.as_evidence(source, "checkboxes", name));
        }
    }

    fn evidence(&self, conclusions: &Conclusions) -> Vec<Evidence> {
        let source = self.source;
        let mut evidence = Vec::with_capacity(EVIDENCE_USUAL_MAX);
        let recovery = &conclusions.is_account_recovery;
        let whether = if recovery.value { "true" } else { "false" };
        evidence.push(recovery.as_evidence(source, "is_account_recovery", whether));
        if let Some(name) = &self.name.name {
            let at = self.name.at.map(|at| source.place_of(at));
            evidence.push(Evidence {
                field: "username".into(),
                value: name.clone().into(),
                rule: self.name.rule.into(),
                places: at.into_iter().collect(),
            });
        }
        self.add_form_evidence(&mut evidence);
        let add = |evidence: &mut Vec<Evidence>, field, known: &Option<Conclusion<Known>>| {
            evidence
                .extend(known.iter().map(|one| one.as_evidence(source, field, one.value.name())));
        };
        for reason in &conclusions.reasons {
            evidence.push(reason.as_evidence(source, "reasons", reason.value.name()));
        }
        add(&mut evidence, "email_access", &conclusions.email_access);
        add(&mut evidence, "password_known", &conclusions.password_known);
        if let Some(codes) = &conclusions.recovery_codes {
            evidence.push(codes.as_evidence(source, "recovery_codes", codes.value.name()));
        }
        if let Some(site) = &conclusions.site {
            evidence.push(site.as_evidence(source, "site", site.value.name()));
        }
        evidence.push(self.language.as_evidence(source, "language", self.language.value));
        for secret in &self.secrets {
            let span = Span::between(secret.start, secret.end);
            let found = Conclusion::new(secret.kind, "it looks like one", smallvec![span]);
            evidence.push(found.as_evidence(source, "sensitive", secret.kind.name()));
        }
        evidence
    }
}
