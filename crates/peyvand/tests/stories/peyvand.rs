//! The program, and a data folder that goes away with the test.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

pub struct Place {
    folder: tempfile::TempDir,
}

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        Said {
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }
    }
}

/// The program without any setting of the person who runs the tests.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peyvand"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PEYVAND_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

pub fn run(words: &[&str]) -> Said {
    command().args(words).output().unwrap().into()
}

pub fn run_with_input(words: &[&str], input: &[u8]) -> Said {
    let mut child = command()
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let said = child.wait_with_output().unwrap().into();
    writing.join().unwrap().unwrap();
    said
}

impl Place {
    pub fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// A place with one small city.
    pub fn with_city(name: &str) -> Place {
        let place = Place::new();
        place.fine(&["city", "load", name]);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        shown(&path)
    }

    /// Runs a verb on this place's data folder.
    pub fn run(&self, words: &[&str]) -> Said {
        command().args(words).arg("--data").arg(self.path("data")).output().unwrap().into()
    }

    /// Runs a verb that must end well, and returns what it printed.
    pub fn fine(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
        said.out
    }

    pub fn serve(&self, words: &[&str]) -> Serving {
        let mut child = command()
            .args(words)
            .arg("--data")
            .arg(self.path("data"))
            .args(["--listen", "127.0.0.1:0", "--metrics-listen", "off"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut base = None;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            if let Some(at) = line.unwrap().strip_prefix("Peyvand is open at ") {
                base = Some(at.to_owned());
                break;
            }
        }
        Serving { child, base: base.expect("the program says where it is open") }
    }
}

pub fn shown(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A program that serves; killed with the test.
pub struct Serving {
    child: Child,
    pub base: String,
}

impl Serving {
    pub fn status(&self, path: &str) -> u16 {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.get(format!("{}{path}", self.base)).call().unwrap().status().as_u16()
    }

    /// Asks it to leave, as systemd does, and returns how it ended.
    pub fn leave(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
