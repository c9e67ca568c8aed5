//! What may be typed after `peyvand user`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// Make an account with a first role, and print a first password once
    Add(Add),
    /// List the accounts of staff with their roles
    List {
        #[command(flatten)]
        city: City,
    },
    /// Give a new first password, printed once; every session of the account ends
    Password {
        #[command(flatten)]
        who: Who,
        /// Read the password from standard input instead of making one up
        #[arg(long)]
        stdin: bool,
    },
    /// Give a role, or take one away
    Role {
        #[command(subcommand)]
        verb: RoleVerb,
    },
    /// Shut an account out at once
    Suspend {
        #[command(flatten)]
        who: Who,
    },
    /// Let a suspended account in again
    Restore {
        #[command(flatten)]
        who: Who,
    },
    /// List the open sessions of an account, or end them
    Sessions {
        #[command(flatten)]
        who: Who,
        /// End the session of this number
        #[arg(long, value_name = "ID", conflicts_with = "end_all")]
        end: Option<i64>,
        /// End all sessions
        #[arg(long)]
        end_all: bool,
    },
    /// Take away the authenticator of somebody who lost it; they set up a new one at the next sign-in
    ForgetSecond {
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Debug, Subcommand)]
pub enum RoleVerb {
    /// Give a role, in force at once
    Give {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        offer: Offered,
    },
    /// Take a role away for a time
    Suspend(OneRole),
    /// Give a suspended role back
    Restore(OneRole),
    /// End a role for good
    End(OneRole),
}

#[derive(Debug, Args)]
pub struct Add {
    /// The name they sign in with: 3 to 40 Latin letters, digits, dots and dashes
    #[arg(value_name = "SIGN-NAME")]
    pub sign_name: String,
    /// What colleagues call them
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "NUMBER")]
    pub mobile: Option<String>,
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    #[command(flatten)]
    pub offer: Offered,
    /// Read the first password from standard input instead of making one up
    #[arg(long)]
    pub stdin: bool,
    #[command(flatten)]
    pub city: City,
}

#[derive(Debug, Clone, Args)]
pub struct Offered {
    /// operator, unit-member, unit-manager, inspector, feedback-caller, official, dispatcher, crew-member, contractor,
    /// round-manager, interviewer, supervisor or administrator
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// How far the role reaches: own, unit, neighbourhood, district or city [default: the narrowest place that is named]
    #[arg(long, value_name = "SCOPE")]
    pub scope: Option<String>,
    /// The unit, by its code
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// The district, by its code
    #[arg(long, value_name = "CODE")]
    pub district: Option<String>,
    /// The neighbourhood, by its code
    #[arg(long, value_name = "CODE")]
    pub neighbourhood: Option<String>,
}

#[derive(Debug, Args)]
pub struct Who {
    /// The name they sign in with
    #[arg(value_name = "SIGN-NAME")]
    pub sign_name: String,
    #[command(flatten)]
    pub city: City,
}

#[derive(Debug, Args)]
pub struct OneRole {
    #[command(flatten)]
    pub who: Who,
    /// The number of the role in `user list`
    #[arg(value_name = "ID")]
    pub id: i64,
}

#[derive(Debug, Clone, Args)]
pub struct City {
    /// The city; may be left out when there is only one
    #[arg(long, short, value_name = "CITY")]
    pub jurisdiction: Option<String>,
}
