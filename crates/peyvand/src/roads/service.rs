//! Asking a routing service over HTTP. After a failure it is left alone for a while, so that a plan does not wait for it
//! a hundred times.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dispatch::roads::Fetch;

use super::Osrm;

const TIMEOUT_MS: u64 = 800;
/// How long it is left alone.
const REST: Duration = Duration::from_secs(30);
/// A table of 5,000 by 5,000 places; an answer that is longer is none.
const MOST_ANSWER: u64 = 256 * 1024 * 1024;

pub struct Http {
    base: String,
    agent: ureq::Agent,
    /// When it failed, and how.
    failed: Mutex<Option<(Instant, String)>>,
}

impl Http {
    pub fn new(settings: &Osrm) -> Http {
        let timeout = Duration::from_millis(settings.timeout_ms.unwrap_or(TIMEOUT_MS).clamp(10, 60_000));
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .new_agent();
        Http { base: settings.service.trim_end_matches('/').to_owned(), agent, failed: Mutex::new(None) }
    }

    fn ask(&self, path: &str) -> Result<String, String> {
        let mut answer = self.agent.get(format!("{}/{path}", self.base)).call().map_err(|e| e.to_string())?;
        // OSRM says with 400 why it cannot, in the same words as with 200.
        if !matches!(answer.status().as_u16(), 200 | 400) {
            return Err(format!("it answered {}", answer.status().as_u16()));
        }
        answer.body_mut().with_config().limit(MOST_ANSWER).read_to_string().map_err(|e| e.to_string())
    }
}

impl Fetch for Http {
    fn fetch(&self, path: &str) -> Result<String, String> {
        let failed = || self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, why)) = &*failed()
            && since.elapsed() < REST
        {
            return Err(why.clone());
        }
        let answer = self.ask(path);
        if let Err(why) = &answer {
            tracing::warn!(why, "the routing service gives no answer; straight lines are used meanwhile");
        }
        *failed() = answer.as_ref().err().map(|why| (Instant::now(), why.clone()));
        answer
    }
}
