//! Says in which language a text is: by its script, by its small words, and by `whichlang` for the rest.

use whichlang::{Lang, detect_language};

use super::account::Spans;
use super::evidence::Conclusion;
use super::prose::Prose;
use super::span::Source;
use super::words::{LEXICON, Layer};

/// Fewer letters than this say nothing reliable.
const LETTERS_MIN: usize = 12;

/// Fewer letters than this are the form's language unless their words say otherwise.
const LIBRARY_LETTERS_MIN: usize = 40;

/// One small word among at most this many words tells the language.
const WORDS_PER_SMALL_WORD_MAX: usize = 6;

/// ISO 639-1 code of what the writer says; `und` where there is too little of it. The form's own
/// reasons and quotations count only where nothing else is said.
pub fn language_of(source: &Source, prose: &Prose) -> Conclusion<&'static str> {
    let mut layers = &[Layer::Own][..];
    let mut sample = Sample::of(source, prose, layers);
    if !sample.has_letters {
        layers = &[Layer::Own, Layer::Chosen, Layer::Quotation];
        sample = Sample::of(source, prose, layers);
    }
    let conclude = |code, rule| Conclusion::new(code, rule, Spans::new());
    if let Some(code) = sample.scripts.by_script() {
        return conclude(code, "by its script");
    }
    let best = sample.best_by_small_words();
    let latin = sample.scripts.latin;
    if latin < LETTERS_MIN && best.count == 0 {
        return conclude("und", "too little is said");
    }
    let is_thin = sample.words >= WORDS_PER_SMALL_WORD_MAX
        && best.count * WORDS_PER_SMALL_WORD_MAX < sample.words;
    // English is the form's language: another one has to be clearly ahead of it.
    if !is_thin && best.count >= 2 && (best.code == "en" || best.count > best.english) {
        return conclude(best.code, "by its small words");
    }
    if !is_thin && (best.count >= 1 || latin < LIBRARY_LETTERS_MIN) {
        return conclude("en", "nothing speaks for another language");
    }
    let words = layers.iter().flat_map(|&layer| prose.words_of(layer));
    let text: Vec<&str> = words.map(|token| source.slice(token.span)).collect();
    conclude(by_library(&text.join(" ")), "by its letters")
}

/// What is counted in the words of some layers.
#[derive(Default)]
struct Sample {
    words: usize,
    has_letters: bool,
    scripts: Scripts,
    /// Small words by language.
    small_words: [usize; u16::BITS as usize],
}

impl Sample {
    fn of(source: &Source, prose: &Prose, layers: &[Layer]) -> Self {
        let mut sample = Self::default();
        let is_ascii = source.text().is_ascii();
        for &layer in layers {
            for token in prose.words_of(layer) {
                sample.words += 1;
                if is_ascii && sample.has_letters {
                    sample.scripts.latin += token.span.length();
                } else {
                    sample.add_letters(source.slice(token.span));
                }
                let mut languages = token.word.languages;
                while languages != 0 {
                    sample.small_words[languages.trailing_zeros() as usize] += 1;
                    languages &= languages - 1;
                }
            }
        }
        sample
    }

    fn add_letters(&mut self, word: &str) {
        self.has_letters = self.has_letters || word.contains(char::is_alphabetic);
        self.scripts.add(word);
    }

    fn best_by_small_words(&self) -> Best {
        let mut best = Best { code: "und", count: 0, english: self.small_words[0] };
        for (&code, &count) in LEXICON.languages.iter().zip(&self.small_words) {
            if count > best.count {
                best = Best { code, count, ..best };
            }
        }
        best
    }
}

/// The language most small words speak for, the first of equals.
struct Best {
    code: &'static str,
    count: usize,
    english: usize,
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
