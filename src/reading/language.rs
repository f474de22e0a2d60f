//! Says in which language a text is: by its script, by its small words, and by `whichlang` for the rest.

use whichlang::{Lang, detect_language};

use super::evidence::Conclusion;
use super::prose::Prose;
use super::span::Source;
use super::words::{LEXICON, Layer, Token};

/// Fewer letters than this say nothing reliable.
const LETTERS_MIN: usize = 12;

/// Fewer letters than this are the form's language unless their words say otherwise.
const LIBRARY_LETTERS_MIN: usize = 40;

/// One small word among at most this many words tells the language.
const WORDS_PER_SMALL_WORD_MAX: usize = 6;

/// ISO 639-1 code of what the writer says; `und` where there is too little of it. The form's own
/// reasons and quotations count only where nothing else is said.
pub fn language_of(source: &Source, prose: &Prose) -> Conclusion<&'static str> {
    let mut words: Vec<&Token> = prose.words_of(Layer::Own).collect();
    if !has_letters(source, &words) {
        words.extend(prose.words_of(Layer::Chosen));
        words.extend(prose.words_of(Layer::Quotation));
    }
    let scripts = Scripts::count(source, &words);
    if let Some(code) = scripts.by_script() {
        return Conclusion::new(code, "by its script", Vec::new());
    }
    let best = best_by_small_words(&words);
    if scripts.latin < LETTERS_MIN && best.count == 0 {
        return Conclusion::new("und", "too little is said", Vec::new());
    }
    let is_thin = words.len() >= WORDS_PER_SMALL_WORD_MAX
        && best.count * WORDS_PER_SMALL_WORD_MAX < words.len();
    // English is the form's language: another one has to be clearly ahead of it.
    if !is_thin && best.count >= 2 && (best.code == "en" || best.count > best.english) {
        return Conclusion::new(best.code, "by its small words", Vec::new());
    }
    if !is_thin && (best.count >= 1 || scripts.latin < LIBRARY_LETTERS_MIN) {
        return Conclusion::new("en", "nothing speaks for another language", Vec::new());
    }
    let text: Vec<&str> = words.iter().map(|token| source.slice(token.span)).collect();
    Conclusion::new(by_library(&text.join(" ")), "by its letters", Vec::new())
}

fn has_letters(source: &Source, words: &[&Token]) -> bool {
    words.iter().any(|token| source.slice(token.span).contains(char::is_alphabetic))
}

/// The language most small words speak for, the first of equals.
struct Best {
    code: &'static str,
    count: usize,
    english: usize,
}

fn best_by_small_words(words: &[&Token]) -> Best {
    let lexicon = &LEXICON;
    let mut counts = [0_usize; u16::BITS as usize];
    for token in words {
        let mut languages = lexicon.vocabulary.languages_of(token.word);
        while languages != 0 {
            counts[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
    }
    let mut best = Best { code: "und", count: 0, english: counts[0] };
    for (&code, &count) in lexicon.languages.iter().zip(&counts) {
        if count > best.count {
            best = Best { code, count, ..best };
        }
    }
    best
}

fn by_library(prose: &str) -> &'static str {
    match detect_language(prose) {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
        Lang::Eng => "en",
    }
}

#[derive(Default)]
struct Scripts {
    latin: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    cyrillic: usize,
    ukrainian: usize,
    arabic: usize,
    others: [usize; 5],
}

impl Scripts {
    fn count(source: &Source, words: &[&Token]) -> Self {
        let mut scripts = Self::default();
        for token in words {
            scripts.add(source.slice(token.span));
        }
        scripts
    }

    fn add(&mut self, word: &str) {
        let scripts = self;
        if word.is_ascii() {
            scripts.latin += word.len();
            return;
        }
        for character in word.chars().filter(|character| character.is_alphabetic()) {
            let counter = match character {
                '\u{3040}'..='\u{30FF}' => &mut scripts.kana,
                '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => &mut scripts.han,
                '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{11FF}' => &mut scripts.hangul,
                'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => &mut scripts.ukrainian,
                '\u{0400}'..='\u{04FF}' => &mut scripts.cyrillic,
                '\u{0600}'..='\u{06FF}' => &mut scripts.arabic,
                '\u{0900}'..='\u{097F}' => &mut scripts.others[0],
                '\u{0E00}'..='\u{0E7F}' => &mut scripts.others[1],
                '\u{0590}'..='\u{05FF}' => &mut scripts.others[2],
                '\u{0370}'..='\u{03FF}' => &mut scripts.others[3],
                '\u{0980}'..='\u{09FF}' => &mut scripts.others[4],
                _ => &mut scripts.latin,
            };
            *counter += 1;
        }
    }

    /// The language of a script of its own, where it is not only a word inside English prose.
    fn by_script(&self) -> Option<&'static str> {
        // A Chinese character says about as much as three Latin letters.
        let is_main =
            |letters: usize, weight: usize| letters >= 2 && letters * weight >= self.latin;
        let cjk = self.han + self.kana + self.hangul;
        if is_main(cjk, 4) {
            let code = if self.hangul * 2 >= cjk {
                "ko"
            } else if self.kana * 10 >= cjk {
                "ja"
            } else {
                "zh"
            };
            return Some(code);
        }
        if is_main(self.cyrillic + self.ukrainian, 2) {
            return Some(if self.ukrainian > 0 { "uk" } else { "ru" });
        }
        if is_main(self.arabic, 2) {
            return Some("ar");
        }
        let codes = ["hi", "th", "he", "el", "bn"];
        self.others
            .iter()
            .zip(codes)
            .find(|(letters, _)| is_main(**letters, 2))
            .map(|(_, code)| code)
    }
}
