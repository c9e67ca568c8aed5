//! The program itself, as a child on a free port, ended by its own id.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to the first answer of `/readyz`.
    pub ready_after: Duration,
}

/// The release binary beside this one.
pub fn program() -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("peyvand");
    if !path.exists() {
        bail!("{} is missing: cargo build --release -p peyvand", path.display());
    }
    Ok(path)
}

impl Server {
    pub async fn start(folder: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let began = Instant::now();
        let child = Command::new(program()?)
            .args(["serve", "--rate-limits", "off", "--metrics-listen", "off", "--log", "warn"])
            .args(["--listen", &address.to_string(), "--data"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("the program does not start")?;
        let mut server = Server { child, address, ready_after: Duration::ZERO };
        while began.elapsed() < Duration::from_secs(60) {
            if let Ok((200, _)) = http::get(address, "/readyz").await {
                server.ready_after = began.elapsed();
                return Ok(server);
            }
            if let Some(end) = server.child.try_wait()? {
                bail!("the program ended: {end}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the program is not ready after a minute")
    }

    /// Seconds of processor time that the program has used so far.
    pub fn cpu(&self) -> Result<f64> {
        cpu_of(&self.child.id().to_string())
    }

    /// Memory that the process holds now, in megabytes.
    pub fn resident_mb(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kb = status
            .lines()
            .find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
        Ok(kb.context("no VmRSS")? / 1024.0)
    }
}

/// Seconds of processor time that a process has used so far.
pub fn cpu_of(process: &str) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name may hold anything; what follows its bracket is numbers.
    let rest = text.rsplit_once(')').map(|(_, rest)| rest).context("no stat")?;
    let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Ok(ticks as f64 / 100.0)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
