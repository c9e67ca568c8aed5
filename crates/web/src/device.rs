//! This device: a random number in a cookie, given only to those who said something from it.
//!
//! It lets a device say "me too" once, and lets whoever reported from it see and answer what they reported without typing
//! digits. The database knows a keyed hash of it alone, so nobody becomes a device by reading the database.

use door::Door;
use http::HeaderValue;

use crate::ask::Ask;

const COOKIE: &str = "peyvand-device";

/// A device with its number.
#[derive(Debug, Clone)]
pub struct Device {
    number: String,
    is_new: bool,
}

impl Device {
    /// The device that asks, if it has a number.
    pub fn known(ask: &Ask) -> Option<Device> {
        let number = ask.cookie(COOKIE)?;
        let fits = number.len() == 32 && number.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Device { number: number.to_owned(), is_new: false })
    }

    /// The device that asks, with a number that was drawn now if it had none.
    pub fn of(ask: &Ask, door: &Door) -> Device {
        Device::known(ask).unwrap_or_else(|| Device {
            number: format!("{:016x}{:016x}", door.dice.number(), door.dice.number()),
            is_new: true,
        })
    }

    /// The same for a form with a key: however often it is sent before the cookie comes, it comes from one device.
    pub fn of_form(ask: &Ask, door: &Door, key: &str) -> Device {
        Device::known(ask).unwrap_or_else(|| match key {
            "" => Device::of(ask, door),
            key => {
                let number = door.seal.hash("device", &[key]).chars().take(32).collect();
                Device { number, is_new: true }
            }
        })
    }

    /// What the city keeps of the device that asks, if it has a number.
    pub fn name_of(ask: &Ask, door: &Door) -> Option<String> {
        Device::known(ask).map(|device| device.name(door))
    }

    /// What the city keeps of it.
    pub fn name(&self, door: &Door) -> String {
        door.seal.hash("device-name", &[&self.number]).chars().take(32).collect()
    }

    /// The cookie to be kept, if the device has none yet.
    pub fn cookie(&self, door: &Door) -> Option<HeaderValue> {
        let secure = if door.settings.is_https() { "; Secure" } else { "" };
        let text =
            format!("{COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", self.number);
        HeaderValue::from_str(&text).ok().filter(|_| self.is_new)
    }
}
