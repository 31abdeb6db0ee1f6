//! Changes of an account by PUT and PATCH. Both have the same body: a PATCH (RFC 7396)
//! changes the named fields, a PUT also removes the profile fields that it does not
//! name.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{Faults, Field, Patch},
    identity::{NotificationPreferences, PostalAddress, Preferences, Profile, User},
    text::{Biography, CalendarDate, Email, Invalid, PersonName, PhoneNumber, TimeZoneName, WebUrl},
    vocabulary::{Locale, Open, Role, Status},
};
use utoipa::ToSchema;

/// Changes of an account.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(examples(json!({
    "name": "Ada Lovelace",
    "profile": { "birth_date": "1815-12-10", "phone": null },
    "preferences": { "locale": "en", "time_zone": "Europe/London" },
})))]
pub struct UpdateUserRequest {
    /// New email address. It stays pending until the link sent to it is confirmed.
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    email: Patch<String>,
    /// Display name.
    #[serde(default)]
    #[schema(value_type = Option<PersonName>)]
    name: Patch<String>,
    /// Profile.
    #[serde(default)]
    #[schema(value_type = Option<Profile>)]
    profile: Patch<Map<String, Value>>,
    /// Preferences.
    #[serde(default)]
    #[schema(value_type = Option<Preferences>)]
    preferences: Patch<Map<String, Value>>,
    /// Role. Administrators only.
    #[serde(default)]
    #[schema(value_type = Option<Role>)]
    role: Patch<Role>,
    /// Status. Administrators only.
    #[serde(default)]
    #[schema(value_type = Option<Status>)]
    status: Patch<Status>,
}

#[derive(Deserialize)]
struct ProfileFields {
    avatar_url: Field<String>,
    bio: Field<String>,
    phone: Field<String>,
    birth_date: Field<String>,
    address: Field<Map<String, Value>>,
}

#[derive(Deserialize)]
struct PreferencesFields {
    locale: Field<String>,
    time_zone: Field<String>,
    notifications: Field<Map<String, Value>>,
}

#[derive(Deserialize)]
struct NotificationFields {
    marketing: Field<bool>,
}

/// Method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// PUT.
    Replace,
    /// PATCH.
    Merge,
}

impl UpdateUserRequest {
    /// Applies the request to an account. A new address becomes the pending one.
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
        let stored = user.name.as_ref();
        let name = faults.patch("/name", self.name, |text: String| PersonName::parse_or_keep(&text, stored));
        if let Some(change) = name {
            change.apply(&mut after.name);
        }
        let role = faults.patch_required("/role", self.role, Ok).flatten();
        faults.transition("/role", &mut after.role, role);
        let status = faults.patch_required("/status", self.status, Ok).flatten();
        faults.transition("/status", &mut after.status, status);
        match self.profile.onto(&after.profile) {
            Patch::Absent => {}
            Patch::Null => after.profile = Profile::default(),
            other => after.profile = profile(&mut faults, other, &user.profile).unwrap_or_default(),
        }
        if let Patch::Value(object) = &self.preferences
            && object.get("locale").is_some_and(Value::is_null)
        {
            faults.add("/preferences/locale", Invalid::new("required", "This field cannot be removed."));
        }
        match self.preferences.onto(&after.preferences) {
            Patch::Absent => {}
            Patch::Null => after.preferences = Preferences::default(),
            other => {
                let preferences = preferences(&mut faults, other, &user.preferences);
                after.preferences = preferences.unwrap_or_default();
            }
        }
        faults.done(Some(after))
    }
}

/// Parses a profile. Values that are `stored` already are not validated again.
fn profile(faults: &mut Faults, object: Patch<Map<String, Value>>, stored: &Profile) -> Option<Profile> {
    let object = faults.patch_required("/profile", object, Ok).flatten()?;
    let fields: ProfileFields = faults.nested("/profile", object)?;
    let avatar_url = faults.optional("/profile/avatar_url", fields.avatar_url, |text: String| {
        WebUrl::parse_or_keep(&text, stored.avatar_url.as_ref())
    });
    let bio = faults.optional("/profile/bio", fields.bio, |text: String| {
        Biography::parse_or_keep(&text, stored.bio.as_ref())
    });
    let phone = faults.optional("/profile/phone", fields.phone, |text: String| {
        PhoneNumber::parse_or_keep(&text, stored.phone.as_ref())
    });
    let birth_date = faults.optional("/profile/birth_date", fields.birth_date, |text: String| {
        CalendarDate::parse_or_keep(&text, stored.birth_date.as_ref())
    });
    let address = match faults.optional("/profile/address", fields.address, Ok)? {
        Some(object) => {
            Some(PostalAddress::parse(faults, "/profile/address", object, stored.address.as_ref())?)
        }
        None => None,
    };
    Some(Profile { avatar_url: avatar_url?, bio: bio?, phone: phone?, birth_date: birth_date?, address })
}

/// Parses preferences. Without a locale in the body, the stored one stays; values that
/// are `stored` already are not validated again.
fn preferences(
    faults: &mut Faults,
    object: Patch<Map<String, Value>>,
    stored: &Preferences,
) -> Option<Preferences> {
    let locale = stored.locale.clone();
    let object = faults.patch_required("/preferences", object, Ok).flatten()?;
    let fields: PreferencesFields = faults.nested("/preferences", object)?;
    let named = match fields.locale {
        // A locale of a later release stays as it is.
        Field::Value(text) if text == locale.word() => Some(locale),
        field => faults
            .optional("/preferences/locale", field, |text| Locale::parse(&text))
            .map(|named| named.map_or(locale, Open::from)),
    };
    let time_zone = faults.optional("/preferences/time_zone", fields.time_zone, |text: String| {
        TimeZoneName::parse_or_keep(&text, stored.time_zone.as_ref())
    });
    let notifications = match faults.optional("/preferences/notifications", fields.notifications, Ok)? {
        Some(object) => {
            let fields: NotificationFields = faults.nested("/preferences/notifications", object)?;
            let marketing = faults.optional("/preferences/notifications/marketing", fields.marketing, Ok)?;
            marketing.map_or_else(NotificationPreferences::default, |marketing| NotificationPreferences {
                marketing,
            })
        }
        None => NotificationPreferences::default(),
    };
    Some(Preferences { locale: named?, time_zone: time_zone?, notifications })
}
