//! Concludes whether a request is an account recovery at all, and of which site.

use smallvec::smallvec;

use super::account::{Account, Spans};
use super::evidence::Conclusion;
use super::span::{Source, Span};
use super::words::meanings::Matter;
use super::{FormKind, Reason, Site};

/// Whether somebody asks for access to an account: by the form and whether the title is the form's,
/// by what is said, and by the reasons found.
pub fn is_account_recovery(
    (form, has_form_title): (FormKind, bool),
    account: &Account,
    reasons: &[Conclusion<Reason>],
) -> Conclusion<bool> {
    let has_reason = reasons.iter().any(|reason| reason.value != Reason::Other);
    let has_other = reasons.iter().any(|reason| reason.value == Reason::Other);
    let elsewhere = account.where_spoken_of(&[Matter::Organization, Matter::NoRecovery]);
    let wants_in = account.where_spoken_of(&[Matter::WantsBackIn]);
    let is_recovery = match form {
        FormKind::OtherForm => has_reason && !has_other && wants_in.is_some(),
        FormKind::Form2024 | FormKind::Form2021 | FormKind::Markdown2020 => {
            has_reason || elsewhere.is_none()
        }
        FormKind::Freeform => {
            (has_form_title || has_reason || wants_in.is_some())
                && (has_reason || elsewhere.is_none())
        }
    };
    let (rule, spans) = match (is_recovery, has_reason, elsewhere) {
        (true, true, _) => ("it says why somebody cannot get in", Spans::new()),
        (true, false, _) => ("it is filed as an account recovery", wants_in.unwrap_or_default()),
        (false, _, Some(spans)) => ("it is about something else", spans),
        (false, _, None) => ("nothing speaks of an account that is locked", Spans::new()),
    };
    Conclusion::new(is_recovery, rule, spans)
}

/// The site the account is on, where the text names one; of both it is TestPyPI, which nobody names
/// by habit.
pub fn site_of(source: &Source, account: &Account, links: &[Span]) -> Option<Conclusion<Site>> {
    let link_to = |host: &str| {
        let found = links.iter().find(|&&link| source.slice(link).contains(host));
        found.map(|&link| smallvec![link])
    };
    let test = account.where_spoken_of(&[Matter::TestSite]).or_else(|| link_to("test.pypi."));
    let main = account.where_spoken_of(&[Matter::MainSite]).or_else(|| link_to("/pypi.org"));
    let concluded =
        |site, rule, spans: Option<Spans>| spans.map(|spans| Conclusion::new(site, rule, spans));
    concluded(Site::Testpypi, "TestPyPI is named", test)
        .or_else(|| concluded(Site::Pypi, "pypi.org is named", main))
}
