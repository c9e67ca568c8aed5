//! Steps of a verb: a heading, the work, how long it took. Commands run with no standard input and are
//! waited for in small pieces, so that ctrl-c ends the verb in order and what it started is stopped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From here on the first ctrl-c asks for an orderly end; the second one ends at once.
pub fn listen_for_interrupts() {
    let flag = Arc::clone(INTERRUPTED.get_or_init(Arc::default));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        // The order matters: the first signal finds the flag down, and only raises it.
        let _ = signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&flag));
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    }
}

pub fn is_interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Says what is done, does it, says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    if is_interrupted() {
        bail!("interrupted");
    }
    println!("\n== {what}");
    let began = Instant::now();
    let outcome = work();
    let word = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("== {what}: {word} in {:.1} s", began.elapsed().as_secs_f64());
    outcome
}

/// Runs a command to its end with its words on our own output; refuses an unsuccessful end.
pub fn run(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let mut child =
        command.stdin(Stdio::null()).spawn().with_context(|| format!("could not start {name}"))?;
    let status = wait(&mut child)?;
    if is_interrupted() {
        bail!("interrupted");
    }
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}

/// The standard output of a short command that must succeed.
pub fn output(command: &mut Command) -> Result<String> {
    let name = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("could not start {name}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("{name} ended with {}: {}", output.status, words.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Waits for a child; after ctrl-c the child gets a moment to end by itself.
fn wait(child: &mut Child) -> Result<ExitStatus> {
    let mut patience = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if is_interrupted() && patience.get_or_insert_with(Instant::now).elapsed() > Duration::from_secs(5) {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// The folder of the workspace, wherever the verb was called from.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo of the same toolchain that runs us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The full path of a program that can be called by name.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The value after `--name` or in `--name=value`.
pub fn option<'a>(words: &'a [String], name: &str) -> Option<&'a str> {
    words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix(name)? {
        "" => words.get(at + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    })
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
    let first = command.get_args().next().map(|word| format!(" {}", word.to_string_lossy()));
    format!("{name}{}", first.unwrap_or_default())
}
