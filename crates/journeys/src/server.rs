//! A served city as a child process: started on a free port, ready when it says so, ended with its owner.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A running `peyvand`; dropping it kills it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts `program` with `words` and a free address to listen on, from the folder `from`, and waits
    /// until it is ready to serve. `words` begin with the verb and hold `--data` and its folder; what the
    /// program prints goes to a file of its own. All visitors of a test come from one address, so they are
    /// not counted; the measurements keep their port to themselves, since several servers may run at once.
    pub fn start(program: &Path, words: &[OsString], from: &Path, patience: Duration) -> Result<Self> {
        let port = free_port()?;
        let log = std::env::temp_dir().join(format!("peyvand-log-{port}"));
        let file = File::create(&log)?;
        let mut command = ending_with_us(program);
        let child = command
            .args(words)
            .arg("--listen")
            .arg(format!("127.0.0.1:{port}"))
            .args(["--rate-limits", "off", "--metrics-listen", "off"])
            .current_dir(from)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut server = Self { child, port, log };
        server.wait_until_ready(patience)?;
        Ok(server)
    }

    /// Where it answers, such as `http://127.0.0.1:8137`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process, for those who measure it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it the way a power cut or the kernel does: no last words, nothing put in order.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and refuses if it does not do so in order and in time.
    pub fn stop(mut self, patience: Duration) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("the server ended with {status}:\n{}", self.last_words());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the server did not end within {} s:\n{}", patience.as_secs(), self.last_words())
    }

    /// The end of what it printed.
    pub fn last_words(&self) -> String {
        let read = || -> std::io::Result<String> {
            let mut file = File::open(&self.log)?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(4000)))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        read().unwrap_or_default()
    }

    fn wait_until_ready(&mut self, patience: Duration) -> Result<()> {
        let ready = format!("{}/readyz", self.base());
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} before it was ready:\n{}", self.last_words());
            }
            if ureq::get(&ready).config().timeout_global(Some(Duration::from_secs(2))).build().call().is_ok()
            {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the server was not ready within {} s:\n{}", patience.as_secs(), self.last_words())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// A port of this machine that nobody listens on at the moment.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("finding a free port")?;
    Ok(listener.local_addr()?.port())
}

/// A command that the system stops when we are gone, where the system knows how.
fn ending_with_us(program: &Path) -> Command {
    let setpriv = Path::new("/usr/bin/setpriv");
    if cfg!(target_os = "linux") && setpriv.exists() {
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        return command;
    }
    Command::new(program)
}
