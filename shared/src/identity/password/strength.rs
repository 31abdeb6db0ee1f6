//! Strength of passwords, at a bounded cost.
//!
//! zxcvbn searches for words, names, keyboard walks and sequences, and for each of
//! them with characters that stand for letters (`p@ssw0rd`). Its cost grows with the
//! number of such characters, and with the third power of the password's length: it
//! gets the first [`JUDGED`] characters, and no substitutions if a password has more
//! than [`SUBSTITUTIONS`] different ones.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use zxcvbn::{Score, feedback::Feedback, zxcvbn};

/// Number of characters that are judged, from the first.
pub(super) const JUDGED: usize = 32;

/// Maximum number of different substitutable characters; with more, symbols are
/// neutralised.
const SUBSTITUTIONS: usize = 4;

/// Symbols that zxcvbn takes for letters. Digits are kept, since sequences and dates
/// consist of them.
const SYMBOLS: &str = "@({[<!|$+%";
const DIGITS: &str = "0123456789";

/// A symbol that stands for no letter.
const NEUTRAL: char = '*';

/// Minimum length of a strong password if zxcvbn panics.
const LONG: usize = 16;

/// Result of judging a password.
pub(super) struct Strength {
    /// True if the password is hard to guess.
    pub(super) is_strong: bool,
    /// Reasons for a weak password, for people.
    pub(super) reasons: Vec<String>,
}

/// Judges `text` against an attacker who knows `personal`.
pub(super) fn strength(text: &str, personal: &[&str]) -> Strength {
    let judged: String = text.chars().take(JUDGED).collect();
    let judged = without_many_substitutions(&judged);
    let mut known: Vec<&str> = personal.iter().map(|word| shortened(word)).collect();
    known.extend(RUSSIAN);
    let mut strength = judge(&judged, &known);
    // Russian text is judged again as the keys of a Latin keyboard, to find walks.
    if strength.is_strong
        && let Some(keys) = keys(&judged)
    {
        strength = judge(&keys, &known);
    }
    strength
}

fn judge(text: &str, known: &[&str]) -> Strength {
    let Ok(entropy) = catch_unwind(AssertUnwindSafe(|| zxcvbn(text, known))) else {
        return Strength { is_strong: text.chars().count() >= LONG, reasons: Vec::new() };
    };
    let feedback = entropy.feedback();
    let warning = feedback.and_then(Feedback::warning).map(|warning| warning.to_string());
    let suggestions = feedback.into_iter().flat_map(Feedback::suggestions);
    let reasons = warning.into_iter().chain(suggestions.map(ToString::to_string)).collect();
    Strength { is_strong: entropy.score() >= Score::Three, reasons }
}

/// Cuts a personal word to the judged length: a name may have a hundred characters.
fn shortened(word: &str) -> &str {
    word.char_indices().nth(JUDGED).map_or(word, |(end, _)| &word[..end])
}

fn without_many_substitutions(text: &str) -> Cow<'_, str> {
    let substitutable = |c: &char| SYMBOLS.contains(*c) || DIGITS.contains(*c);
    let different: BTreeSet<char> = text.chars().filter(substitutable).collect();
    if different.len() <= SUBSTITUTIONS {
        return text.into();
    }
    text.chars().map(|c| if SYMBOLS.contains(c) { NEUTRAL } else { c }).collect::<String>().into()
}

/// The same keys on a Latin keyboard; `None` for a text without Cyrillic letters.
fn keys(text: &str) -> Option<String> {
    const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";
    const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    let key = |c: char| {
        let place = CYRILLIC.chars().position(|cyrillic| c.to_lowercase().eq([cyrillic]))?;
        LATIN.chars().nth(place)
    };
    let keys: String = text.chars().map(|c| key(c).unwrap_or(c)).collect();
    (keys != text).then_some(keys)
}

/// Frequent words and names in Russian passwords, the most frequent first.
const RUSSIAN: [&str; 84] = [
    "пароль",
    "любовь",
    "привет",
    "россия",
    "наташа",
    "андрей",
    "максим",
    "сергей",
    "марина",
    "алексей",
    "александр",
    "дмитрий",
    "татьяна",
    "светлана",
    "екатерина",
    "анастасия",
    "владимир",
    "николай",
    "михаил",
    "евгений",
    "виктория",
    "кристина",
    "солнышко",
    "солнце",
    "спартак",
    "москва",
    "зенит",
    "динамо",
    "цска",
    "локомотив",
    "самара",
    "питер",
    "кошка",
    "собака",
    "котенок",
    "малыш",
    "зайка",
    "лапочка",
    "любимая",
    "любимый",
    "мамочка",
    "родная",
    "счастье",
    "жизнь",
    "дружба",
    "свобода",
    "победа",
    "никита",
    "артем",
    "даниил",
    "ирина",
    "елена",
    "ольга",
    "юлия",
    "алина",
    "полина",
    "ксения",
    "дарья",
    "мария",
    "оксана",
    "людмила",
    "галина",
    "валентина",
    "антон",
    "роман",
    "игорь",
    "олег",
    "денис",
    "кирилл",
    "павел",
    "виталий",
    "вадим",
    "руслан",
    "тимур",
    "марат",
    "маша",
    "даша",
    "саша",
    "паша",
    "ваня",
    "дима",
    "вова",
    "лена",
    "оля",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn is_strong(text: &str) -> bool {
        strength(text, &[]).is_strong
    }

    #[test]
    fn russian_walks_words_and_names_are_known() {
        for weak in
            ["йцукен123", "ЙЦУКЕНГ1", "фывапролдж", "пароль123", "Наташа1985", "любовь777", "ячсмить1"]
        {
            assert!(!is_strong(weak), "{weak}");
        }
        for strong in ["тихий омут вечером", "зеленый чайник летит", "съешь еще этих булок"]
        {
            assert!(is_strong(strong), "{strong}");
        }
    }

    #[test]
    fn substitutions_are_known_as_far_as_they_are_looked_for() {
        for weak in ["p@ssw0rd", "P@$$w0rd", "1234567890", "password1!"] {
            assert!(!is_strong(weak), "{weak}");
        }
        assert!(is_strong("4@8({[<3691!|70$5+%2"));
    }

    #[test]
    fn a_long_password_is_judged_by_its_beginning_and_panics_are_none() {
        for text in ["12".repeat(15), "q1".repeat(17), "4e".repeat(40), "a".repeat(256)] {
            assert!(!is_strong(&text), "{text}");
        }
        let text = format!("{}{}", "wooden lighthouse over the bay ", "x".repeat(200));
        assert!(is_strong(&text));
    }
}
