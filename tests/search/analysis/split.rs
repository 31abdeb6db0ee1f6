//! Words of a text, their forms and positions.

use shared::search::analysis::words;

use super::helpers::forms;

#[test]
fn texts_are_normalised_and_split() {
    for (text, expected) in [
        ("Ёлка, ёлка!", vec!["елка", "елка"]),
        ("Crème brûlée — ＡＭ３", vec!["creme", "brulee", "am3"]),
        ("за\u{301}мок", vec!["замок"]),
        ("йога", vec!["йога"]),
        ("19:30 1/2 ½", vec!["19", "30", "1", "2", "1", "2"]),
        ("C++, C# & R&D; A+B 18+", vec!["c++", "c♯", "r", "d", "a", "b", "18+"]),
        ("кон\u{ad}церт", vec!["концерт"]),
        ("- -- ' ’ + # 🎉", vec![]),
        ("🎉party🎉", vec!["party"]),
        ("東京 コンサート", vec!["東京", "コンサート"]),
        ("vr-", vec!["vr"]),
        ("a -b- c", vec!["a", "b", "c"]),
        ("rock--roll", vec!["rock", "roll"]),
    ] {
        assert_eq!(forms(text), expected, "{text}");
    }
}

#[test]
fn a_compound_is_given_in_parts_and_whole() {
    for (text, expected) in [
        ("Мастер-класс", vec!["мастер", "класс", "мастеркласс"]),
        ("Санкт\u{2011}Петербург", vec!["санкт", "петербург", "санктпетербург"]),
        ("8-800-555", vec!["8", "800", "555", "8800555"]),
        ("O’Hara", vec!["o", "hara", "ohara"]),
        ("об'єкт обʼєкт", vec!["об", "єкт", "обєкт", "об", "єкт", "обєкт"]),
        ("children's Valentine’s", vec!["children", "valentine"]),
        ("rock'n'roll", vec!["rock", "n", "roll", "rocknroll"]),
        ("C++-party", vec!["c++", "party"]),
        ("s's", vec!["s"]),
    ] {
        assert_eq!(forms(text), expected, "{text}");
    }
}

#[test]
fn the_whole_spans_the_positions_of_its_parts() {
    let found: Vec<(String, u32, u32)> = words("Новый мастер-класс: йога")
        .into_iter()
        .map(|word| (word.form, word.position, word.span))
        .collect();
    let expected =
        [("новый", 0, 1), ("мастер", 1, 1), ("класс", 2, 1), ("мастеркласс", 1, 2), ("йога", 3, 1)];
    assert_eq!(found, expected.map(|(form, position, span)| (form.to_owned(), position, span)));
}
