//! Countries, languages and time zones.

use jiff::tz::TimeZoneDatabase;

/// Every assigned code of ISO 3166-1 alpha-2, as of 2026, without reserved and
/// user-assigned ones (`UK`, `XK`).
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER \
    ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM \
    IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF \
    MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK \
    PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD \
    TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Every code of ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy \
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig \
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml \
    mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg \
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh \
    yi yo za zh zu";

/// A code of ISO 639-1 in lower case.
pub(super) fn language(code: &str) -> Option<String> {
    let code = code.to_ascii_lowercase();
    LANGUAGES.split(' ').any(|language| language == code).then_some(code)
}

/// True for a code of ISO 3166-1 alpha-2.
pub(super) fn is_country(code: &str) -> bool {
    COUNTRIES.split(' ').any(|country| country == code)
}

/// The name of a time zone in the spelling of the IANA database. The database is
/// linked into the binary: Lambda has none.
pub(super) fn time_zone(name: &str) -> Option<String> {
    if name == "Etc/Unknown" || name.eq_ignore_ascii_case("factory") {
        return None;
    }
    TimeZoneDatabase::bundled().get(name).ok()?.iana_name().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countries_are_the_249_of_iso_3166() {
        let codes: Vec<&str> = COUNTRIES.split(' ').collect();
        assert!(codes.len() == 249 && codes.is_sorted() && codes.iter().all(|code| code.len() == 2));
        assert!(["DE", "RU", "GR", "SX", "SS"].into_iter().all(is_country));
        for code in ["XX", "ZZ", "QQ", "UK", "EU", "AN", "XK", "gb", "", "G", "GB DE", "Е"] {
            assert!(!is_country(code), "{code}");
        }
    }

    #[test]
    fn the_languages_are_the_183_of_iso_639_1() {
        let codes: Vec<&str> = LANGUAGES.split(' ').collect();
        assert!(codes.len() == 183 && codes.is_sorted() && codes.iter().all(|code| code.len() == 2));
        assert_eq!((language("RU").as_deref(), language("en").as_deref()), (Some("ru"), Some("en")));
        assert_eq!(
            (language("xx"), language("eng"), language(""), language("en de")),
            (None, None, None, None)
        );
    }

    #[test]
    fn a_time_zone_is_one_of_the_linked_database() {
        for (name, stored) in [
            ("Europe/Athens", "Europe/Athens"),
            ("europe/athens", "Europe/Athens"),
            ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("Asia/Kathmandu", "Asia/Kathmandu"),
            ("Etc/GMT+3", "Etc/GMT+3"),
            ("UTC", "UTC"),
        ] {
            assert_eq!(time_zone(name).as_deref(), Some(stored), "{name}");
        }
        for name in
            ["Europe/Athnes", "Mars/Olympus_Mons", "Utc+3", "../etc/passwd", "", "localtime", "+03:00"]
        {
            assert_eq!(time_zone(name), None, "{name}");
        }
    }
}
