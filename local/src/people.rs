//! Realistic accounts.

use shared::{
    identity::{NotificationPreferences, PostalAddress, Preferences, Profile, accounts::NewAccount},
    text::{
        AddressLine, Biography, CalendarDate, CountryCode, Email, Invalid, PersonName, PhoneNumber,
        TimeZoneName,
    },
    vocabulary::{Locale, Role, Status},
};

/// Password of every seeded account.
pub const PASSWORD: &str = "wooden lighthouse over the bay";

/// Email address of the administrator who fills a catalogue.
pub const SHOPKEEPER: &str = "shopkeeper@example.com";

/// Given name, family name, and the spelling of both in an address.
type Name = (&'static str, &'static str);

const GIVEN_NAMES: [Name; 24] = [
    ("Amara", "amara"),
    ("Анна", "anna"),
    ("Bilal", "bilal"),
    ("Chiara", "chiara"),
    ("Дмитрий", "dmitri"),
    ("Eilidh", "eilidh"),
    ("Femi", "femi"),
    ("Grace", "grace"),
    ("Hana", "hana"),
    ("Ирина", "irina"),
    ("João", "joao"),
    ("Katarína", "katarina"),
    ("Liam", "liam"),
    ("Мария", "maria"),
    ("Noor", "noor"),
    ("Oskar", "oskar"),
    ("Priya", "priya"),
    ("Quentin", "quentin"),
    ("Rosa", "rosa"),
    ("Сергей", "sergei"),
    ("Tomasz", "tomasz"),
    ("Uma", "uma"),
    ("Vera", "vera"),
    ("Yuki", "yuki"),
];

const FAMILY_NAMES: [Name; 23] = [
    ("Adeyemi", "adeyemi"),
    ("Bianchi", "bianchi"),
    ("Castro", "castro"),
    ("Dvořák", "dvorak"),
    ("Eriksson", "eriksson"),
    ("Fischer", "fischer"),
    ("García", "garcia"),
    ("Haddad", "haddad"),
    ("Ibrahim", "ibrahim"),
    ("Jensen", "jensen"),
    ("Kowalczyk", "kowalczyk"),
    ("Laurent", "laurent"),
    ("MacLeod", "macleod"),
    ("Nakamura", "nakamura"),
    ("O'Brien", "obrien"),
    ("Petrov", "petrov"),
    ("Quinn", "quinn"),
    ("Rossi", "rossi"),
    ("Silva", "silva"),
    ("Takahashi", "takahashi"),
    ("Usman", "usman"),
    ("Virtanen", "virtanen"),
    ("Weber", "weber"),
];

struct Place {
    city: &'static str,
    country: &'static str,
    street: &'static str,
    calling_code: &'static str,
    time_zone: &'static str,
}

const PLACES: [Place; 7] = [
    Place {
        city: "Lisbon",
        country: "PT",
        street: "Rua da Prata",
        calling_code: "351",
        time_zone: "Europe/Lisbon",
    },
    Place {
        city: "Kraków",
        country: "PL",
        street: "ulica Długa",
        calling_code: "48",
        time_zone: "Europe/Warsaw",
    },
    Place {
        city: "Edinburgh",
        country: "GB",
        street: "Leith Walk",
        calling_code: "44",
        time_zone: "Europe/London",
    },
    Place {
        city: "Nairobi",
        country: "KE",
        street: "Moi Avenue",
        calling_code: "254",
        time_zone: "Africa/Nairobi",
    },
    Place { city: "Osaka", country: "JP", street: "Midosuji", calling_code: "81", time_zone: "Asia/Tokyo" },
    Place {
        city: "Montréal",
        country: "CA",
        street: "rue Rachel",
        calling_code: "1",
        time_zone: "America/Toronto",
    },
    Place {
        city: "Almaty",
        country: "KZ",
        street: "Abay Avenue",
        calling_code: "7",
        time_zone: "Asia/Almaty",
    },
];

const TRADES: [&str; 6] = [
    "Restores old bicycles",
    "Bakes rye bread",
    "Prints maps",
    "Keeps bees on a roof",
    "Sells second-hand synthesizers",
    "Teaches pottery",
];

/// The account of the person `number`. Most are active and confirmed; one in twenty is
/// blocked, one in ten has not confirmed its address.
pub(crate) fn person(number: usize) -> Result<NewAccount, Invalid> {
    let of = |stride: usize, count: usize| (number / stride) % count;
    let given = GIVEN_NAMES[of(1, GIVEN_NAMES.len())];
    // 23 and 24 are coprime: the first 552 people have 552 names.
    let family = FAMILY_NAMES[of(1, FAMILY_NAMES.len())];
    let place = &PLACES[of(3, PLACES.len())];
    let is_cyrillic = !given.0.is_ascii() && given.0.chars().all(|c| ('А'..='я').contains(&c));
    let profile = Profile {
        avatar_url: None,
        bio: Some(Biography::parse(&format!("{} in {}.", TRADES[of(5, TRADES.len())], place.city))?),
        phone: Some(PhoneNumber::parse(&format!(
            "+{}{:07}",
            place.calling_code,
            5_550_000 + number % 10_000
        ))?),
        birth_date: Some(CalendarDate::parse(&format!(
            "{}-{:02}-{:02}",
            1950 + number % 55,
            1 + number % 12,
            1 + number % 28
        ))?),
        address: Some(PostalAddress {
            street: AddressLine::parse(&format!("{} {}", place.street, 1 + number % 180))?,
            street2: None,
            city: AddressLine::parse(place.city)?,
            region: None,
            postal_code: None,
            country: CountryCode::parse(place.country)?,
        }),
    };
    Ok(NewAccount {
        email: Email::parse(&format!("{}.{}.{number}@example.com", given.1, family.1))?,
        email_verified: number % 10 != 7,
        name: Some(PersonName::parse(&format!("{} {}", given.0, family.0))?),
        role: Role::User,
        status: if number % 20 == 13 { Status::Blocked } else { Status::Active },
        profile,
        preferences: Preferences {
            locale: if is_cyrillic { Locale::Ru } else { Locale::En }.into(),
            time_zone: Some(TimeZoneName::parse(place.time_zone)?),
            notifications: NotificationPreferences { marketing: number.is_multiple_of(3) },
        },
        networks: Vec::new(),
        password_hash: None,
    })
}

/// The account of the administrator who fills a catalogue.
pub(crate) fn shopkeeper() -> Result<NewAccount, Invalid> {
    Ok(NewAccount {
        name: Some(PersonName::parse("Sam Keeper")?),
        role: Role::Admin,
        ..NewAccount::confirmed(Email::parse(SHOPKEEPER)?)
    })
}
