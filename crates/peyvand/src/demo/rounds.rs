//! Two rounds of participation for the demo city: one at which people vote now, and an older one that is being built.
//!
//! Everything goes through the verbs that people use, at the times at which they would. The figures are those of a real
//! round, scaled; `cities/<city>/projects.toml` says how much.

use std::sync::Arc;

use anyhow::{Context, Result};
use calendar::Timestamp;
use language::Lang;
use people::{Act, Actor, Dice, Member, Seal};
use projects::arguments::{self, Side};
use projects::ballots::identity::{Claim, Listed, prove};
use projects::ballots::{self, Casting, Channel, Choice};
use projects::count;
use projects::feasibility::{self, Verdict};
use projects::ideas::{self, NewIdea};
use projects::moderation::{self, Deed};
use projects::{NewProject, Phase, PotId, ProjectError, Round, RoundId, book, rounds, samples};
use requests::service::Both;
use serde::Deserialize;
use storage::Tx;
use territory::Atlas;

use super::chance::Chance;
use super::ground::{Ground, Spot};
use crate::cities;
use crate::end::say;
use crate::house::{self, House};

/// `projects.toml` of a pack.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    scale: Scale,
    project: Vec<Template>,
    city_project: Vec<Template>,
    idea: Vec<Wish>,
    argument: Vec<Words>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    projects: usize,
    ideas: usize,
    voters: i64,
    /// Millions of toman.
    budget: i64,
    small_projects: usize,
    small_ideas: usize,
    small_voters: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    topic: String,
    fa: String,
    en: String,
    words_fa: String,
    words_en: String,
    /// Millions of toman.
    least: i64,
    most: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    topic: String,
    title: String,
    words: String,
    reason: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    side: String,
    words: String,
}

const DAY: i64 = 86_400_000;
const MILLION: i64 = 10_000_000;
/// Accounts of generated citizens: numbers that no real account has.
const CITIZENS: i64 = 1_000;

/// Holds the rounds of every city whose pack has them and which has none yet.
pub fn hold(house: &House, seal: &Seal, seed: u64, is_small: bool) -> Result<()> {
    for city in house.cities()? {
        let name = city.code.split('.').next().unwrap_or("").to_owned();
        let Some(text) = cities::file(&format!("{name}/projects.toml")) else { continue };
        let id = city.id;
        if !house.db.read_blocking(move |tx| book(tx, id))?.rounds.is_empty() {
            continue;
        }
        let script: Script = toml::from_str(std::str::from_utf8(text)?).context("reading projects.toml")?;
        let atlas = house.db.read_blocking(move |tx| territory::atlas(tx, id))?;
        let dice = Arc::new(Dice::seeded(seed ^ 0x1405));
        let scale = Sizes::of(&script.scale, is_small);
        let hall = Hall {
            house,
            seal,
            id,
            atlas: atlas.clone(),
            ground: Ground::new(atlas),
            script,
            scale,
            dice,
            now: house::now(),
        };
        let mut chance = Chance::new(seed ^ 0xba11);
        hall.hold("1404", Phase::Execution, &mut chance)?;
        hall.hold("1405", Phase::Voting, &mut chance)?;
        say!("  Two generated rounds of participation: one at the vote, one being built.");
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Sizes {
    projects: usize,
    ideas: usize,
    voters: i64,
    budget: i64,
}

impl Sizes {
    fn of(scale: &Scale, is_small: bool) -> Sizes {
        match is_small {
            true => Sizes {
                projects: scale.small_projects,
                ideas: scale.small_ideas,
                voters: scale.small_voters,
                budget: scale.budget,
            },
            false => Sizes {
                projects: scale.projects,
                ideas: scale.ideas,
                voters: scale.voters,
                budget: scale.budget,
            },
        }
    }
}

/// Where a round is held.
struct Hall<'h> {
    house: &'h House,
    seal: &'h Seal,
    id: i64,
    atlas: Arc<Atlas>,
    ground: Ground,
    script: Script,
    scale: Sizes,
    dice: Arc<Dice>,
    now: Timestamp,
}

impl Hall<'_> {
    fn act(&self, at: Timestamp) -> Act {
        Act::new(Actor::System("demo"), at, self.dice.clone())
    }

    fn citizen(&self, account: i64, at: Timestamp) -> Act {
        let member = Member { jurisdiction: self.id, account, name: String::new(), memberships: Vec::new() };
        Act::new(Actor::Member(Arc::new(member)), at, self.dice.clone())
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, ProjectError> + Send + 'static,
    ) -> Result<T> {
        self.house.db.write_blocking(work).context("a round of the demo")
    }

    fn hold(&self, code: &str, phase: Phase, chance: &mut Chance) -> Result<()> {
        let round = self.begin(code, phase)?;
        let shown = self.show(round)?;
        self.bring_ideas(&shown, chance)?;
        self.price(&shown, chance)?;
        self.argue(&shown, chance)?;
        self.vote(&shown, phase, chance)?;
        let (act, id) = (self.act(self.now), self.id);
        self.write(move |tx| Ok(rounds::announce(tx, &act, id, 100)?))?;
        Ok(())
    }

    /// A pot for each district by its residents, and a fifth of the money for the whole city.
    fn begin(&self, code: &str, phase: Phase) -> Result<RoundId> {
        let all: i64 = self.atlas.districts().filter_map(|d| d.population).sum();
        let of_districts = self.scale.budget / 5 * 4;
        let parts: Vec<(i64, Both, i64)> = self
            .atlas
            .districts()
            .map(|d| {
                let share = d.population.unwrap_or(0) as f64 / all.max(1) as f64;
                let millions = ((of_districts as f64 * share / 100.0).round() as i64 * 100).max(1000);
                (d.id, Both::default(), millions * MILLION)
            })
            .collect();
        let mut draft = samples::draft(code, phase, self.now, &parts);
        if let Some(pot) = draft.pots.first_mut() {
            pot.budget = self.scale.budget / 5 * MILLION;
        }
        let begins = draft.times.begins.first().map_or(self.now, |(_, at)| *at);
        let act = self.act(begins.plus_millis(-14 * DAY));
        let (seal, id) = (self.seal.clone(), self.id);
        self.write(move |tx| rounds::put(tx, &act, &seal, id, None, &draft))
    }

    fn show(&self, round: RoundId) -> Result<Round> {
        let id = self.id;
        let book = self.house.db.read_blocking(move |tx| book(tx, id))?;
        book.round(round).cloned().context("the round that was begun just now")
    }

    fn at(&self, round: &Round, phase: Phase, days: f64) -> Timestamp {
        let begins = round.times.begins_at(phase).unwrap_or(self.now);
        begins.plus_millis((days * DAY as f64) as i64)
    }

    fn place_name(&self, spot: &Spot, lang: Lang) -> String {
        let division = spot.place.smallest().and_then(|id| self.atlas.division(id));
        let name = division.map_or("", |division| division.name(lang));
        name.split(" - ").next().unwrap_or(name).to_owned()
    }

    fn bring_ideas(&self, round: &Round, chance: &mut Chance) -> Result<()> {
        for n in 0..self.scale.ideas {
            let Some(spot) = self.ground.spot(None, chance) else { continue };
            let Some(wish) = chance.one(&self.script.idea).cloned() else { continue };
            let place = self.place_name(&spot, Lang::Fa);
            let new = NewIdea {
                topic: wish.topic.clone(),
                title: wish.title.replace("{place}", &place),
                words: wish.words.clone(),
                language: Lang::Fa,
                point: Some((spot.point.lat, spot.point.long)),
                division: None,
                address: String::new(),
                form_key: None,
            };
            let at = self.at(round, Phase::Collect, chance.share() * 20.0);
            let author = self.citizen(CITIZENS + n as i64, at);
            let signers: Vec<Act> = (0..chance.between(0, 9))
                .map(|_| self.citizen(CITIZENS * 10 + chance.between(0, 9_000), at.plus_millis(3_600_000)))
                .collect();
            let judged = self.act(self.at(round, Phase::Feasibility, chance.share() * 20.0));
            let (id, of) = (self.id, round.id);
            self.write(move |tx| {
                let idea = ideas::send(tx, &author, id, of, &new)?;
                for signer in &signers {
                    // Somebody who wants it twice signs once.
                    ideas::sign(tx, signer, id, idea.id)?;
                }
                if !wish.reason.is_empty() && judged.at < house::now() {
                    let version = ideas::by_id(tx, id, idea.id)?.map_or(1, |idea| idea.version);
                    let verdict = Verdict { reason: wish.reason.clone(), ..Verdict::default() };
                    feasibility::judge(tx, &judged, id, idea.id, version, &verdict)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Projects in real neighbourhoods, every fourth of a citizen's idea that became one.
    fn price(&self, round: &Round, chance: &mut Chance) -> Result<()> {
        let at = self.at(round, Phase::Pricing, 3.0);
        let homes: Vec<(PotId, Option<String>)> = round
            .homes()
            .map(|pot| {
                let district = pot.division.and_then(|id| self.atlas.division(id));
                (pot.id, district.map(|d| d.code.clone()))
            })
            .collect();
        let city_pot = round.pots.iter().find(|pot| pot.is_of_city()).map(|pot| pot.id);
        let mut all: Vec<NewProject> = Vec::new();
        for template in &self.script.city_project {
            all.push(self.project(template, city_pot, None, chance));
        }
        let wanted = self.scale.projects.saturating_sub(all.len());
        for n in 0..wanted {
            let Some((pot, code)) = homes.get(n % homes.len().max(1)) else { continue };
            let Some(template) = chance.one(&self.script.project).cloned() else { continue };
            let Some(spot) = self.ground.spot(code.as_deref(), chance) else { continue };
            all.push(self.project(&template, Some(*pot), Some(&spot), chance));
        }
        let (id, of) = (self.id, round.id);
        for some in all.chunks(50) {
            let (act, some) = (self.act(at), some.to_vec());
            self.write(move |tx| {
                for project in &some {
                    projects::add(tx, &act, id, of, project)?;
                }
                Ok(())
            })?;
        }
        let act = self.act(self.at(round, Phase::Publication, 0.1));
        self.write(move |tx| projects::publish_all(tx, &act, id, of))?;
        Ok(())
    }

    fn project(
        &self,
        template: &Template,
        pot: Option<PotId>,
        spot: Option<&Spot>,
        chance: &mut Chance,
    ) -> NewProject {
        let name = |text: &str, lang| match spot {
            Some(spot) => text.replace("{place}", &self.place_name(spot, lang)),
            None => text.to_owned(),
        };
        // Round figures, as estimates are.
        let step = if template.most > 10_000 { 500 } else { 50 };
        let most = chance.between(template.least, template.most) / step * step + step;
        let least = most * chance.between(70, 95) / 100 / step.min(50) * step.min(50);
        let units = spot.and_then(|spot| spot.place.district).and_then(|district| self.unit_of(district));
        NewProject {
            pot,
            idea: None,
            topic: template.topic.clone(),
            title: Both::new(name(&template.fa, Lang::Fa), name(&template.en, Lang::En)),
            words: Both::new(template.words_fa.clone(), template.words_en.clone()),
            address: String::new(),
            point: spot.map(|spot| spot.point),
            district: spot.and_then(|spot| spot.place.district),
            neighbourhood: spot.and_then(|spot| spot.place.neighbourhood),
            unit: units,
            cost: most * MILLION,
            cost_least: least.max(1) * MILLION,
            cost_most: most * MILLION,
        }
    }

    fn unit_of(&self, district: i64) -> Option<i64> {
        let id = self.id;
        let units = self.house.db.read_blocking(move |tx| people::units::all(tx, id)).ok()?;
        units.into_iter().find(|unit| unit.district == Some(district)).map(|unit| unit.id)
    }

    fn argue(&self, round: &Round, chance: &mut Chance) -> Result<()> {
        let (id, of) = (self.id, round.id);
        let filter = projects::list::Filter { limit: projects::list::MOST, ..Default::default() };
        let all = self.house.db.read_blocking(move |tx| projects::list::list(tx, id, of, &filter))?;
        let from = self.at(round, Phase::Publication, 1.0);
        let until = self.at(round, Phase::Publication, 20.0).min(self.now.plus_millis(-DAY));
        for (n, project) in all.iter().enumerate().filter(|(n, _)| n % 3 == 0) {
            for (m, said) in self.script.argument.iter().enumerate() {
                if chance.happens(0.5) {
                    continue;
                }
                let at = Timestamp(chance.between(from.0, until.0));
                let writer = self.citizen(CITIZENS * 20 + (n * 10 + m) as i64, at);
                let moderator = self.act(at.plus_millis(3_600_000));
                let (project, words, side) = (project.id, said.words.clone(), Side::parse(&said.side));
                // A few still wait for the moderators of the demo.
                let waits = n < 6 && matches!(round.stage(self.now), projects::Stage::In(Phase::Voting));
                self.write(move |tx| {
                    let argument = arguments::argue(tx, &writer, id, project, side, &words)?;
                    let version = arguments::by_id(tx, id, argument)?.map_or(1, |a| a.version);
                    if !waits {
                        moderation::decide(tx, &moderator, id, argument, version, Deed::Shown, None, "")?;
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// People vote on every day of the vote that is over, on all channels, mostly for what is near and cheap.
    fn vote(&self, round: &Round, phase: Phase, chance: &mut Chance) -> Result<()> {
        let (id, of) = (self.id, round.id);
        let book = self.house.db.read_blocking(move |tx| book(tx, id))?;
        let offers = book.offers(of);
        let homes: Vec<PotId> = round.homes().map(|pot| pot.id).collect();
        let from = self.at(round, Phase::Voting, 0.0);
        let last = round.times.ends_of(Phase::Voting).unwrap_or(self.now);
        let until = last.min(self.now);
        let share = until.millis_since(from) as f64 / last.millis_since(from).max(1) as f64;
        let voters = (self.scale.voters as f64 * share) as i64;
        let mut castings = Vec::new();
        for voter in 0..voters {
            let Some(home) = chance.one(&homes).copied() else { continue };
            let mine =
                |pot: PotId| offers.iter().filter(move |offer| offer.pot == pot).map(|offer| offer.number);
            let own: Vec<i64> = mine(home).collect();
            let city: Vec<i64> = offers
                .iter()
                .filter(|offer| round.pot(offer.pot).is_some_and(|pot| pot.is_of_city()))
                .map(|offer| offer.number)
                .collect();
            let mut numbers = Vec::new();
            for (list, most) in [(&own, 4), (&city, 2)] {
                for _ in 0..chance.between(1, most) {
                    // The first ones of a list are the better known.
                    let place = (chance.share() * chance.share() * list.len() as f64) as usize;
                    numbers.extend(list.get(place).copied());
                }
            }
            numbers.sort_unstable();
            numbers.dedup();
            let channel = match chance.between(0, 99) {
                0..=61 => Channel::Web,
                62..=79 => Channel::Sms,
                80..=89 => Channel::Ussd,
                90..=94 => Channel::Paper,
                _ => Channel::Tablet,
            };
            let at = Timestamp(chance.between(from.0, until.0 - 1));
            castings.push((at, format!("+98900{voter:07}"), home, numbers, channel));
        }
        castings.sort_by_key(|(at, ..)| *at);
        for some in castings.chunks(100) {
            let (some, seal, dice) = (some.to_vec(), self.seal.clone(), self.dice.clone());
            let round = round.clone();
            self.write(move |tx| {
                for (at, mobile, home, numbers, channel) in &some {
                    let claim = Claim { mobile: Some(mobile), ..Claim::default() };
                    let today = at.day(&calendar::Zone::utc());
                    let identity = prove(tx, &Listed { seal: &seal }, id, &round, *channel, &claim, today)?;
                    let casting = Casting {
                        round: of,
                        identity,
                        home: Some(*home),
                        choices: numbers.iter().map(|number| Choice::of(*number)).collect(),
                        channel: *channel,
                        assistant: None,
                    };
                    let act = Act::new(Actor::System("demo"), *at, dice.clone());
                    ballots::cast(tx, &act, &seal, id, &casting)?;
                }
                Ok(())
            })?;
        }
        if phase > Phase::Voting {
            let (act, seal) = (self.act(self.at(round, Phase::Tally, 1.0)), self.seal.clone());
            let counting = act.clone();
            self.write(move |tx| ballots::open_box(tx, &act, &seal, id, of))?;
            let boxes =
                self.house.db.read_blocking(move |tx| count::boxes(tx, id, of)).context("the opened box")?;
            let decided = count::decide(&boxes).context("counting a round of the demo")?;
            self.write(move |tx| count::keep(tx, &counting, id, of, &decided).map(|_| ()))?;
        }
        Ok(())
    }
}
