//! How often the suggestion of a service is right, on records that it has not seen.
//!
//! Three questions are asked, each of real records unless it says otherwise, split by a hash of the record's number:
//!
//! - New York: the service is `type`; the words are `descriptor` and `location_type`, in which the type does not stand.
//!   `category`, `agency` and `resolution` are left out: the city wrote them after it knew the service.
//! - Chicago: all 74,026 records are of one service, so there the first suggestion cannot be wrong and says nothing.
//!   What is asked instead is the kind of trouble (`descriptor`) from the only other words there are, the address: a
//!   question that nobody can answer well, good for showing that nothing is invented.
//! - Tehran: generated, not real. Whole sentences of `demo.toml` are held back, so that the words are ones that nobody
//!   wrote in that way before; then the same once more when the names and keywords of the services are examples too,
//!   which is how a city learns.
//!
//! scikit-learn's linear models get the same records with the same folded words and the best of them on the test
//! records is taken.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use requests::service::Definition;
use requests::suggest::{Lesson, names, words};

use crate::{data::Mix, python, table};

/// Points in a hundred that the program may be behind scikit-learn.
const MOST_BEHIND: f64 = 2.0;
/// One record of so many is held back.
const HELD_BACK: u64 = 5;

/// What somebody wrote, and which service it was.
type Record = (String, String);

struct Question {
    name: &'static str,
    /// Generated sentences are shown and not judged by: four hundred of them are too few.
    is_real: bool,
    train: Vec<Record>,
    /// What the city itself calls its services.
    names: Vec<Record>,
    test: Vec<Record>,
}

pub fn run(data: &Path, records: Option<PathBuf>) -> Result<()> {
    let folder = data.join("suggest");
    std::fs::create_dir_all(&folder)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let records = records.unwrap_or_else(|| root.join("../shared/data/requests311/requests_unified.csv.zst"));
    let python = python::with(data, "suggest", "import sklearn")?;
    let mut questions = vec![tehran(&root, false)?, tehran(&root, true)?];
    match std::fs::File::open(&records) {
        Ok(file) => questions.splice(0..0, real(file)?).for_each(drop),
        Err(_) => println!("{} is not here: no real records", records.display()),
    }
    table::heading("Suggesting a service for words that were held back, in points of a hundred");
    println!(
        "{:<34} {:>7} {:>6} {:>9} {:>7} {:>7} {:>8} {:>8} {:>8}",
        "", "learned", "asked", "services", "most", "first", "of three", "sk first", "sk three"
    );
    let mut behind = Vec::new();
    for question in &questions {
        behind.extend(ask(question, &folder, python.as_deref())?);
    }
    if !behind.is_empty() {
        bail!("more than {MOST_BEHIND} points behind: {}", behind.join(", "));
    }
    Ok(())
}

fn ask(question: &Question, folder: &Path, python: Option<&Path>) -> Result<Option<String>> {
    let mut ids: HashMap<&str, i64> = HashMap::new();
    for (_, label) in question.train.iter().chain(&question.names) {
        let next = ids.len() as i64;
        ids.entry(label).or_insert(next);
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let began = Instant::now();
    let mut lesson = Lesson::new();
    for (text, label) in &question.train {
        lesson.add(ids[label.as_str()], text);
        *counts.entry(label).or_default() += 1;
    }
    question.names.iter().for_each(|(text, label)| lesson.add_name(ids[label.as_str()], text));
    let model = lesson.learn().context("nothing to tell apart")?;
    let learned = began.elapsed();
    let most = counts.iter().max_by_key(|(_, n)| **n).map(|(label, _)| *label).context("no records")?;
    let began = Instant::now();
    let (mut first, mut three, mut majority) = (0, 0, 0);
    for (text, label) in &question.test {
        let id = ids.get(label.as_str()).copied();
        let mut judged: Vec<i64> = model.judge(text, 3).iter().map(|j| j.service).collect();
        // Words that nobody ever wrote get what is asked most, as in every linear model.
        if judged.is_empty() {
            judged.push(ids[most]);
        }
        first += usize::from(judged.first().copied() == id);
        three += usize::from(id.is_some_and(|id| judged.contains(&id)));
        majority += usize::from(label == most);
    }
    let each = began.elapsed() / question.test.len().max(1) as u32;
    let share = |n: usize| n as f64 * 100.0 / question.test.len().max(1) as f64;
    let other = match python {
        Some(python) => Some(linear(question, folder, python)?),
        None => None,
    };
    let said = |value: Option<f64>| value.map_or_else(|| "-".into(), |v| format!("{v:.1}"));
    println!(
        "{:<34} {:>7} {:>6} {:>9} {:>7.1} {:>7.1} {:>8.1} {:>8} {:>8}",
        question.name,
        question.train.len(),
        question.test.len(),
        ids.len(),
        share(majority),
        share(first),
        share(three),
        said(other.as_ref().map(|o| o.0)),
        said(other.as_ref().map(|o| o.1)),
    );
    println!(
        "    learned in {:.2} s, {} kB, {:.3} ms a suggestion; {}",
        learned.as_secs_f64(),
        model.encode().len() / 1024,
        table::ms(each),
        other.as_ref().map_or("scikit-learn is not here", |o| o.2.as_str()),
    );
    let behind = |mine: usize, theirs: f64| theirs - share(mine) > MOST_BEHIND;
    Ok(other
        .filter(|o| question.is_real && (behind(first, o.0) || behind(three, o.1)))
        .map(|_| question.name.to_owned()))
}

/// The best shares that scikit-learn's linear models reach, and which of them was best.
fn linear(question: &Question, folder: &Path, python: &Path) -> Result<(f64, f64, String)> {
    let slug: String = question.name.chars().filter(char::is_ascii_alphabetic).collect();
    let mut files = Vec::new();
    let none = Vec::new();
    for (what, records, names) in
        [("train", &question.train, &question.names), ("test", &question.test, &none)]
    {
        let mut lines = String::new();
        for (text, label) in records.iter().chain(names) {
            let features = words::features(&words::words(text));
            let names: Vec<&str> = features.iter().map(|f| f.name.as_str()).collect();
            let _ = writeln!(lines, "{}\t{}", label.replace('\t', " "), names.join(" "));
        }
        let path = folder.join(format!("{slug}.{what}.tsv"));
        std::fs::write(&path, lines)?;
        files.push(path);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suggest/linear.py");
    let said = Command::new(python).arg(script).args(&files).output()?;
    ensure!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let (mut first, mut three, mut name) = (0.0f64, 0.0f64, String::new());
    for line in String::from_utf8_lossy(&said.stdout).lines() {
        let said: serde_json::Value = serde_json::from_str(line)?;
        let share = |key: &str| said[key].as_f64().unwrap_or(0.0) * 100.0;
        if share("top1") > first {
            (first, name) = (share("top1"), said["model"].as_str().unwrap_or("").to_owned());
        }
        three = three.max(share("top3"));
    }
    Ok((first, three, name))
}

/// The real records of two cities.
fn real(file: std::fs::File) -> Result<Vec<Question>> {
    let mut table = csv::Reader::from_reader(zstd::Decoder::new(file)?);
    let heads = table.headers()?.clone();
    let column = |name: &str| heads.iter().position(|h| h == name).with_context(|| format!("no {name}"));
    let (source, number, kind) = (column("source")?, column("source_id")?, column("type")?);
    let (descriptor, place) = (column("descriptor")?, column("location_type")?);
    let (address, area) = (column("address")?, column("area")?);
    let empty =
        |name| Question { name, is_real: true, train: Vec::new(), names: Vec::new(), test: Vec::new() };
    let mut new_york = empty("new-york: service from words");
    let mut chicago = empty("chicago: kind from the address");
    for row in table.records() {
        let row = row?;
        let get = |at: usize| row.get(at).unwrap_or("").trim();
        // Without a descriptor there are no words at all.
        if get(descriptor).is_empty() {
            continue;
        }
        let (question, text, label) = match get(source) {
            "new_york" => {
                (&mut new_york, format!("{} · {}", get(descriptor), get(place)), get(kind).to_uppercase())
            }
            "chicago" => {
                (&mut chicago, format!("{} · {}", get(address), get(area)), get(descriptor).to_owned())
            }
            _ => continue,
        };
        let part = if is_held_back(get(number)) { &mut question.test } else { &mut question.train };
        part.push((text, label));
    }
    Ok(vec![new_york, chicago])
}

fn is_held_back(number: &str) -> bool {
    let seed = number.bytes().fold(137u64, |sum, b| sum.wrapping_mul(31).wrapping_add(u64::from(b)));
    Mix(seed).below(HELD_BACK) == 0
}

/// Sentences of the demo city; every fourth of each service is held back with all that is made of it.
fn tehran(root: &Path, with_names: bool) -> Result<Question> {
    let script: toml::Table = std::fs::read_to_string(root.join("cities/tehran/demo.toml"))?.parse()?;
    let mut question = Question {
        name: if with_names { "tehran: the same, names known" } else { "tehran: generated, new sentences" },
        is_real: false,
        train: Vec::new(),
        names: Vec::new(),
        test: Vec::new(),
    };
    let mut mix = Mix(5);
    for service in script["words_for"].as_array().into_iter().flatten() {
        let label = service["service"].as_str().unwrap_or("");
        for (n, text) in service["texts"].as_array().into_iter().flatten().enumerate() {
            for _ in 0..6 {
                let mut said = text.as_str().unwrap_or("").to_owned();
                for (slot, values) in SLOTS {
                    said = said.replace(slot, values[mix.below(values.len() as u64) as usize]);
                }
                let part = if n % 4 == 3 { &mut question.test } else { &mut question.train };
                part.push((said, label.to_owned()));
            }
        }
    }
    if with_names {
        let file: toml::Table = std::fs::read_to_string(root.join("cities/tehran/services.toml"))?.parse()?;
        for service in file["service"].as_array().into_iter().flatten() {
            let about: Definition = service.clone().try_into()?;
            let label = service["code"].as_str().unwrap_or("");
            question.names.extend(names(&about).map(|text| (text.to_owned(), label.to_owned())));
        }
    }
    Ok(question)
}

const SLOTS: [(&str, &[&str]); 6] = [
    ("{street}", &["خیابان ولی‌عصر", "خیابان آزادی", "بلوار کشاورز", "خیابان شریعتی", "خیابان پیروزی"]),
    ("{alley}", &["کوچهٔ سوم", "کوچهٔ یاس", "بن‌بست گل", "کوچهٔ شهید رضایی"]),
    ("{landmark}", &["روبه‌روی مدرسه", "نبش میدان", "کنار پارک", "جلوی داروخانه", "پشت مسجد"]),
    ("{number}", &["۱۲", "۴۵", "۷", "۱۳۸"]),
    ("{since}", &["از دیروز", "دو روز است", "یک هفته است", "از صبح"]),
    ("{neighbourhood}", &["یوسف‌آباد", "نارمک", "جوادیه", "تهرانپارس"]),
];
