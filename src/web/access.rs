//! What somebody who is signed in may see: GitHub says it, repository by repository.

use futures_util::future::join_all;
use jiff::SignedDuration;

use super::Web;
use super::page::Problem;
use super::sign_in::Staff;
use crate::github::CallError;
use crate::store::Desk;
use crate::triage::RepositoryId;

/// A role may be as old as this to look at something; before a change it is asked for anew.
const LIFE: SignedDuration = SignedDuration::from_mins(3);

/// Roles asked for side by side.
const ASKED_AT_ONCE: usize = 8;

/// For what a role is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// To look: an answer of the last minutes will do.
    Looking,
    /// To change something.
    Changing,
}

/// The desks somebody may see.
pub(super) struct Visible {
    /// By their names.
    pub desks: Vec<Desk>,
    /// Of how many others GitHub did not say.
    pub unsaid: usize,
}

/// The desks somebody may see. One of which GitHub does not say, since the App is no longer there
/// perhaps, keeps nobody from the others.
///
/// # Errors
/// Where the store does not answer, or GitHub not for a single desk.
pub(super) async fn visible_desks(web: &Web, staff: &Staff) -> Result<Visible, Problem> {
    let desks = web.engine.store().list_desks().await?;
    let mut visible = Visible { desks: Vec::new(), unsaid: 0 };
    let mut trouble = None;
    for group in desks.chunks(ASKED_AT_ONCE) {
        let asked = group.iter().map(|desk| may(web, staff, (desk, For::Looking)));
        for (desk, may_see) in group.iter().zip(join_all(asked).await) {
            match may_see {
                Ok(true) => visible.desks.push(desk.clone()),
                Ok(false) => {}
                Err(error) => {
                    visible.unsaid += 1;
                    trouble = Some(error);
                }
            }
        }
    }
    if let Some(error) = trouble.filter(|_| visible.unsaid == desks.len()) {
        return Err(Problem::no_role(&error));
    }
    visible.desks.sort_by_key(|desk| desk.repository.full_name());
    Ok(visible)
}

/// Refuses somebody who may not do it at the desk of this repository, as if there were none.
///
/// # Errors
/// [`Problem::not_here`], and where GitHub does not answer.
pub(super) async fn check(
    web: &Web,
    staff: &Staff,
    (desk, what): (&Desk, For),
) -> Result<(), Problem> {
    match may(web, staff, (desk, what)).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Problem::not_here()),
        Err(error) => Err(Problem::no_role(&error)),
    }
}

/// The operator of this machine may see everything; others need the role that commands need.
async fn may(web: &Web, staff: &Staff, (desk, what): (&Desk, For)) -> Result<bool, CallError> {
    if staff.session.person.is_none() {
        return Ok(true);
    }
    let life = match what {
        For::Looking => LIFE,
        For::Changing => SignedDuration::ZERO,
    };
    let who = (&desk.repository, &staff.session.login);
    let role = web.engine.role_within(who, life).await?;
    Ok(role >= web.engine.in_force(desk).policy.commands.role)
}

/// The numbers of desks.
pub(super) fn ids_of(desks: &[Desk]) -> Vec<RepositoryId> {
    desks.iter().map(|desk| desk.repository.id).collect()
}
