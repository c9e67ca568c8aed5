//! The fields of a reply, and how a request stands between the city and its reporter.

use calendar::{Timestamp, words as dates};
use requests::reply::{Reply, Round};
use requests::{ServiceRequest, Status};
use territory::Atlas;
use words::Words;

use crate::wrong::Wrongs;

/// What is asked of the citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Is it done?
    Word,
    /// The city's own question.
    Answer,
}

/// What `reply/form.html` needs.
pub struct ReplyForm {
    pub asked: Asked,
    /// Of the page that takes the form.
    pub path: String,
    /// The token of the link that led here; empty without one.
    pub token: String,
    /// Nobody knows yet who speaks: the last digits of the number are asked for.
    pub asks_digits: bool,
    pub until: String,
    /// What was typed before.
    pub word: String,
    pub words: String,
    pub wrong: Wrongs,
}

impl ReplyForm {
    /// The form for a request that waits for its reporter; none when it does not.
    pub fn of(
        request: &ServiceRequest,
        round: Option<&Round>,
        atlas: &Atlas,
        w: Words,
        now: Timestamp,
    ) -> Option<ReplyForm> {
        let asked = match (request.status, round) {
            (Status::WaitingForCitizen, _) => Asked::Answer,
            (_, Some(round)) if round.is_waiting(now) => Asked::Word,
            _ => return None,
        };
        let until = round.filter(|_| asked == Asked::Word).map(|round| round.until);
        Some(ReplyForm {
            asked,
            path: format!("/reply/{}", request.code),
            token: String::new(),
            asks_digits: true,
            until: until
                .map(|until| dates::date_time(w.lang(), until, &atlas.jurisdiction.zone))
                .unwrap_or_default(),
            word: String::new(),
            words: String::new(),
            wrong: Wrongs::default(),
        })
    }

    pub fn is_word(&self) -> bool {
        self.asked == Asked::Word
    }
}

/// Where a request stands between the city and its reporter, in one sentence.
pub struct Standing {
    pub icon: &'static str,
    /// The tone of the notice: `good`, `wait` or none.
    pub tone: &'static str,
    pub words: String,
}

/// What everybody may know of the reporter's word; none while there is nothing to know.
pub fn standing(
    request: &ServiceRequest,
    round: Option<&Round>,
    atlas: &Atlas,
    w: Words,
    now: Timestamp,
) -> Option<Standing> {
    let round = round?;
    let zone = &atlas.jurisdiction.zone;
    let said = |icon, tone, words: &str| Some(Standing { icon, tone, words: words.to_owned() });
    match round.reply {
        Reply::Waiting if round.is_waiting(now) => {
            let until = dates::date_time(w.lang(), round.until, zone);
            Some(Standing { icon: "clock", tone: "wait", words: w.reply_standing_waiting(&until) })
        }
        Reply::Waiting => said("clock", "wait", w.reply_standing_over()),
        Reply::Accepted => said("check", "good", w.reply_standing_accepted()),
        Reply::Objected if request.with_inspector => said("search", "wait", w.reply_standing_inspector()),
        Reply::Objected if request.status.is_open() => said("info", "", w.reply_standing_again()),
        Reply::Objected => said("info", "", w.reply_standing_decided()),
        Reply::Unconfirmed => said("info", "", w.reply_standing_unconfirmed()),
        Reply::Settled => None,
    }
}
