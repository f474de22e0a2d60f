//! Says in which language a text is: by its script, by its small words, and by `whichlang` for the rest.

use std::collections::HashMap;
use std::sync::LazyLock;

use whichlang::{Lang, detect_language};

use super::words::tokens;

/// Fewer letters than this say nothing reliable.
const LETTERS_MIN: usize = 12;

/// Small words that tell one language from its neighbours, folded as tokens are.
const SMALL_WORDS: &[(&str, &str)] = &[
    ("en",
        "the i my to is and of a in it for that this was have not on with are be can please access account
         lost email password you me cant dont no recovery codes authentication app or forgot need help by"),
    ("es",
        "el la los las de que y mi no con para por una un cuenta correo contrasena tengo perdi solicito puedo
         acceso ayuda gracias hola su del al se logro buenos dias usuario"),
    ("pt",
        "o a os de que e meu minha nao com para por uma um conta senha tenho perdi acesso ajuda obrigado ola
         do da codigo aplicativo vcs voces quando celular esta eu consigo"),
    ("fr",
        "le la les de et je mon ma mes ne pas est un une pour que compte perdu bonjour merci acces vous ce
         plus jai des du passe mot sur"),
    ("de",
        "ich der die das und mein meine meinen nicht ist zu auf mit habe kein keine konto passwort bitte
         zugriff ein den mehr kann hallo danke vergessen verloren"),
    ("it",
        "il lo la gli di che e mio mia non ho con per una un sono accesso perso codici ciao grazie piu posso
         della del alla dimenticato"),
    ("tr",
        "ve bir bu hesabim hesabimi hesabima telefonumu kaybettim icin sifremi lazim merhaba tesekkurler
         unuttum ulasamiyorum giremiyorum ama da simdi kodlarim"),
    ("id",
        "saya akun dan tidak bisa yang untuk ke di dengan lupa hilang kehilangan mohon tolong terima kasih
         sudah kode akses"),
    ("nl",
        "ik het een mijn niet de van en wachtwoord kan geen toegang meer heb naar bij verloren vergeten
         bedankt hallo"),
    ("pl",
        "nie moje mojego mam do konta hasla haslo dostepu prosze sie jest utracilem stracilem dziekuje na z
         kody"),
    ("vi",
        "toi khong tai khoan mat khau cua va duoc la mot quen"),
];

static LANGUAGES_OF_WORD: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut languages: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            languages.entry(word).or_default().push(number);
        }
    }
    languages
});

/// ISO 639-1 code of a text; `und` where there is too little of it.
pub fn language_of(prose: &str) -> String {
    let prose = without_marks(prose);
    let scripts = Scripts::count(&prose);
    if let Some(code) = scripts.by_script() {
        return code.to_owned();
    }
    let words = tokens(&prose);
    let mut counts = [0_usize; SMALL_WORDS.len()];
    for token in &words {
        for &number in LANGUAGES_OF_WORD.get(token.word.as_str()).into_iter().flatten() {
            counts[number] += 1;
        }
    }
    let votes = counts.iter().zip(SMALL_WORDS).map(|(count, (code, _))| (*count, *code));
    let english = counts[0];
    let best = votes.fold((0, "und"), |best, vote| if vote.0 > best.0 { vote } else { best });
    if scripts.latin < LETTERS_MIN && best.0 < 2 {
        return "und".to_owned();
    }
    let is_thin = words.len() >= 6 && best.0 * 6 < words.len();
    // English is the form's language: another one has to be clearly ahead of it.
    if !is_thin && best.0 >= 2 && (best.1 == "en" || best.0 > english) {
        return best.1.to_owned();
    }
    if !is_thin && (best.0 >= 1 || scripts.latin < 40) {
        return "en".to_owned();
    }
    by_library(&prose).to_owned()
}

fn without_marks(prose: &str) -> String {
    prose.split_whitespace().filter(|word| !word.starts_with('@')).collect::<Vec<_>>().join(" ")
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
    fn count(text: &str) -> Self {
        let mut scripts = Self::default();
        for character in text.chars().filter(|character| character.is_alphabetic()) {
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
        scripts
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
