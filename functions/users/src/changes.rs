//! What a PUT or a PATCH makes of an account. Both have the same body: a PATCH
//! (RFC 7396) changes what it names, a PUT takes away what it does not name of
//! what a person says of themselves.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{Faults, Patch},
    identity::{NotificationPreferences, PostalAddress, Preferences, Profile, User},
    text::{
        AddressLine, Biography, CalendarDate, CountryCode, Email, Invalid, PersonName, PhoneNumber,
        TimeZoneName, WebUrl,
    },
    vocabulary::{Locale, Role, Status},
};
use utoipa::ToSchema;

/// What is to be different about an account.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(examples(json!({
    "name": "Ada Lovelace",
    "profile": { "birth_date": "1815-12-10", "phone": null },
    "preferences": { "locale": "en", "time_zone": "Europe/London" },
})))]
pub struct ChangeUserRequest {
    /// Another address: a mail asks there to confirm it, and it is the account's
    /// once that is done.
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    email: Patch<String>,
    /// What the person is called.
    #[serde(default)]
    #[schema(value_type = Option<PersonName>)]
    name: Patch<String>,
    /// What the person says of themselves.
    #[serde(default)]
    #[schema(value_type = Option<Profile>)]
    profile: Patch<Map<String, Value>>,
    /// What the person has chosen.
    #[serde(default)]
    #[schema(value_type = Option<Preferences>)]
    preferences: Patch<Map<String, Value>>,
    /// What the account may do: for administrators.
    #[serde(default)]
    #[schema(value_type = Option<Role>)]
    role: Patch<Role>,
    /// Whether it may be used: for administrators.
    #[serde(default)]
    #[schema(value_type = Option<Status>)]
    status: Patch<Status>,
}

#[derive(Deserialize)]
struct ProfileFields {
    #[serde(default)]
    avatar_url: Patch<String>,
    #[serde(default)]
    bio: Patch<String>,
    #[serde(default)]
    phone: Patch<String>,
    #[serde(default)]
    birth_date: Patch<String>,
    #[serde(default)]
    address: Patch<Map<String, Value>>,
}

#[derive(Deserialize)]
struct AddressFields {
    #[serde(default)]
    street: Patch<String>,
    #[serde(default)]
    street2: Patch<String>,
    #[serde(default)]
    city: Patch<String>,
    #[serde(default)]
    region: Patch<String>,
    #[serde(default)]
    postal_code: Patch<String>,
    #[serde(default)]
    country: Patch<String>,
}

#[derive(Deserialize)]
struct PreferencesFields {
    #[serde(default)]
    locale: Patch<String>,
    #[serde(default)]
    time_zone: Patch<String>,
    #[serde(default)]
    notifications: Patch<Map<String, Value>>,
}

#[derive(Deserialize)]
struct NotificationFields {
    #[serde(default)]
    marketing: Patch<bool>,
}

/// How a body is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// PUT.
    Replace,
    /// PATCH.
    Merge,
}

impl ChangeUserRequest {
    /// The account as it is to be. Another address stands in it as the pending
    /// one.
    pub(crate) fn apply(self, user: &User, method: Method, mut faults: Faults) -> Result<User, Faults> {
        let mut after = user.clone();
        if method == Method::Replace {
            (after.name, after.profile) = (None, Profile::default());
            after.preferences =
                Preferences { locale: user.preferences.locale.clone(), ..Preferences::default() };
        }
        let email = faults.patch_required("/email", self.email, |text: String| Email::parse(&text));
        match email.flatten() {
            Some(email) if email == user.email => after.pending_email = None,
            Some(email) => after.pending_email = Some(email),
            None => {}
        }
        text(&mut faults, "/name", self.name, PersonName::parse, &mut after.name);
        let role = faults.patch_required("/role", self.role, Ok).flatten();
        faults.transition("/role", &mut after.role, role);
        let status = faults.patch_required("/status", self.status, Ok).flatten();
        faults.transition("/status", &mut after.status, status);
        match self.profile {
            Patch::Absent => {}
            Patch::Null => after.profile = Profile::default(),
            other => profile(&mut faults, other, &mut after.profile),
        }
        match self.preferences {
            Patch::Absent => {}
            Patch::Null => after.preferences = Preferences::default(),
            other => preferences(&mut faults, other, &mut after.preferences),
        }
        faults.done(Some(after))
    }
}

fn profile(faults: &mut Faults, object: Patch<Map<String, Value>>, profile: &mut Profile) {
    let Some(fields) = object_of::<ProfileFields>(faults, "/profile", object) else { return };
    text(faults, "/profile/avatar_url", fields.avatar_url, WebUrl::parse, &mut profile.avatar_url);
    text(faults, "/profile/bio", fields.bio, Biography::parse, &mut profile.bio);
    text(faults, "/profile/phone", fields.phone, PhoneNumber::parse, &mut profile.phone);
    text(faults, "/profile/birth_date", fields.birth_date, CalendarDate::parse, &mut profile.birth_date);
    match fields.address {
        Patch::Absent => {}
        Patch::Null => profile.address = None,
        other => profile.address = address(faults, other, profile.address.take()),
    }
}

fn address(
    faults: &mut Faults,
    object: Patch<Map<String, Value>>,
    before: Option<PostalAddress>,
) -> Option<PostalAddress> {
    let fields = object_of::<AddressFields>(faults, "/profile/address", object)?;
    let (mut street, mut city, mut country) = (None, None, None);
    let (mut street2, mut region, mut postal_code) = (None, None, None);
    if let Some(before) = before {
        (street, city, country) = (Some(before.street), Some(before.city), Some(before.country));
        (street2, region, postal_code) = (before.street2, before.region, before.postal_code);
    }
    text(faults, "/profile/address/street", fields.street, AddressLine::parse, &mut street);
    text(faults, "/profile/address/street2", fields.street2, AddressLine::parse, &mut street2);
    text(faults, "/profile/address/city", fields.city, AddressLine::parse, &mut city);
    text(faults, "/profile/address/region", fields.region, AddressLine::parse, &mut region);
    text(faults, "/profile/address/postal_code", fields.postal_code, AddressLine::parse, &mut postal_code);
    text(faults, "/profile/address/country", fields.country, CountryCode::parse, &mut country);
    for (name, missing) in
        [("street", street.is_none()), ("city", city.is_none()), ("country", country.is_none())]
    {
        if missing {
            faults
                .add(format!("/profile/address/{name}"), Invalid::new("required", "This field is required."));
        }
    }
    Some(PostalAddress { street: street?, street2, city: city?, region, postal_code, country: country? })
}

fn preferences(faults: &mut Faults, object: Patch<Map<String, Value>>, preferences: &mut Preferences) {
    let Some(fields) = object_of::<PreferencesFields>(faults, "/preferences", object) else { return };
    let locale =
        faults.patch_required("/preferences/locale", fields.locale, |text: String| Locale::parse(&text));
    if let Some(locale) = locale.flatten() {
        preferences.locale = locale.into();
    }
    text(faults, "/preferences/time_zone", fields.time_zone, TimeZoneName::parse, &mut preferences.time_zone);
    match fields.notifications {
        Patch::Absent => {}
        Patch::Null => preferences.notifications = NotificationPreferences::default(),
        other => {
            let pointer = "/preferences/notifications";
            let Some(fields) = object_of::<NotificationFields>(faults, pointer, other) else { return };
            let marketing = faults.patch_required(&format!("{pointer}/marketing"), fields.marketing, Ok);
            let notifications = &mut preferences.notifications;
            notifications.marketing = marketing.flatten().unwrap_or(notifications.marketing);
        }
    }
}

/// Changes a text that may be absent.
fn text<T>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<String>,
    parse: fn(&str) -> Result<T, Invalid>,
    to: &mut Option<T>,
) {
    if let Some(change) = faults.patch(pointer, field, |text: String| parse(&text)) {
        change.apply(to);
    }
}

/// The fields of an object that is neither absent nor null.
fn object_of<T: serde::de::DeserializeOwned>(
    faults: &mut Faults,
    pointer: &str,
    object: Patch<Map<String, Value>>,
) -> Option<T> {
    let object = faults.patch_required(pointer, object, Ok).flatten()?;
    faults.nested(pointer, object)
}
