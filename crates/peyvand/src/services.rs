//! Opening and closing a service to new requests.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::end::{say, wrong};
use crate::house;
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub enum ServiceVerb {
    /// Take new requests for a service again
    Open(Which),
    /// Take no new requests for a service; those that are there go on. Loading the city pack opens it again
    Close(Which),
}

#[derive(Debug, Args)]
pub struct Which {
    /// The code of the service, as in /services
    #[arg(value_name = "CODE")]
    service: String,
    /// The city; may be left out when there is only one
    #[arg(long, short, value_name = "CITY")]
    jurisdiction: Option<String>,
}

pub fn run(settings: &Settings, verb: ServiceVerb) -> Result<ExitCode> {
    let (which, open) = match verb {
        ServiceVerb::Open(which) => (which, true),
        ServiceVerb::Close(which) => (which, false),
    };
    let house = house::open_existing(settings)?;
    let city = house.city(which.jurisdiction.as_deref())?;
    let (act, id, code) = (house.act("services"), city.id, which.service.clone());
    let known = house.db.write_blocking(move |tx| requests::pack::set_open(tx, &act, id, &code, open))?;
    if !known {
        return Err(wrong!("{} has no service {:?}", city.code, which.service));
    }
    say!("{} {}", which.service, if open { "open" } else { "closed" });
    Ok(ExitCode::SUCCESS)
}
