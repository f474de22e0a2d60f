//! Where an e-mail reply ends and the mail it answers begins, in the clients people use.
//!
//! GitHub turns a mail into a comment with the quoted thread below, masked as `***@***.***` and
//! often without `>`. Everything from the header on was written by somebody else.

use std::sync::LazyLock;

use regex::Regex;

/// Headers that announce the quoted mail, one line per client or language: words of which one is in
/// the text, so that most texts cost nothing, and the pattern.
const HEADERS: &[(&[&str], &str)] = &[
    // "On <date>, <person> wrote:" and its sisters; the verb may stand on the next line.
    (
        &[
            "wrote",
            "writes",
            "schrieb",
            "écrit",
            "escribió",
            "escreveu",
            "scritto",
            "schreef",
            "skrev",
            "napsal",
            "napisał",
            "menulis",
            "viết",
            "írta",
        ],
        r"(?m)^[ \t]*(?:On|Am|Le|El|Em|Il|Op|Den|Dne|Vào|Pada|W dniu|Dnia|On\.|A) [^\n]*\d[^\n]*\n?[^\n]*(?:wrote|writes|schrieb[^\n:]*|a écrit|escribió|escreveu|ha scritto|schreef[^\n:]*|skrev[^\n:]*|napsal[^\n:]*|napisał[^\n:]*|menulis|đã\s*viết|viết|írta)[ \t\u{a0}]*:",
    ),
    // A date first: Russian, Ukrainian, Turkish.
    (
        &["написа", "пише", "yazdı"],
        r"(?m)^[^\n]*\d{1,2}:\d{2}[^\n]*\n?[^\n]*(?:написал[^\n:]*|пишет|пише|написав[^\n:]*|şunu yazdı|tarihinde[^\n:]*yazdı|kirjoitti|έγραψε)[ \t]*:",
    ),
    // Chinese: Gmail, Apple Mail, QQ.
    (&["写道", "寫道"], r"(?m)^[^\n]*(?:\d{4}年|\d{1,2}:\d{2}|：)[^\n]*(?:写道|寫道)[ \t]*[:：]"),
    // Korean, also glued to the sentence before it.
    (&["작성"], r"\d{4}(?:년|\. ?\d{1,2}\. ?\d{1,2}\.)[^\n]*\n?[^\n]*작성[ \t]*:"),
    // Japanese, and any date line that ends with an address and a colon.
    (
        &["@"],
        r"(?m)^[^\n]*\d{4}[年/.-][^\n]*\d{1,2}[:時][^\n]*(?:@[^\n]*>|\*\*\*@\*\*\*\.\*\*\*)[^\n]{0,3}[:：][ \t]*$",
    ),
    (&["***@"], r"(?m)^[^\n]*\d{1,2}:\d{2}[^\n]*\*\*\*@\*\*\*\.\*\*\*[^\n]*:[ \t]*$"),
    // Russian Gmail without a verb: "пт, 2 февр. 2024 г. в 18:51, name <…>:".
    (&["г. в"], r"(?m)^[^\n]*г\. в \d{1,2}:\d{2}[^\n]*:[ \t]*$"),
    // Outlook and friends.
    (
        &["---"],
        r"(?mi)^[ \t>*]*-{3,}[ ]*(?:original|ursprüngliche|mensaje|mensagem|message|messaggio|原始邮件|forwarded|исходное|пересылаемое)[^\n]*-{2,}",
    ),
    (&["____________________"], r"(?m)^[ \t]*_{20,}[ \t]*$"),
    (
        &[":", "："],
        r"(?mi)^[ \t*]*(?:From|Von|De|Da|Van|发件人|寄件者|差出人|보낸 사람|От|Kimden|Od)[ \t*]*[:：][^\n]*\n(?:[^\n]*\n)?[ \t*]*(?:Sent|Date|Gesendet|Envoyé|Enviado|Enviada|Inviato|Verzonden|发送时间|日期|送信日時|보낸 날짜|Отправлено|Gönderilme|Tarih|Datum|To|An|Wysłano)[^\n:：]*[:：]",
    ),
    (
        &["原邮件", "Replied", "Original", "Исходное"],
        r"(?m)^[ \t]*-+ ?(?:回复的原邮件|原始邮件|Replied Message|Original|Исходное сообщение)[^\n]*$",
    ),
    // The thread as GitHub's own mail begins it.
    (&["left a comment"], r"(?m)^[^\n]*left a comment \([\w./-]+#\d+\)"),
];

static HEADER_PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    HEADERS
        .iter()
        .map(|(_, header)| Regex::new(header).expect("the headers are fixed and tested"))
        .collect()
});

/// The byte at which a quoted mail begins, if one does.
pub fn start_of_reply(text: &str) -> Option<usize> {
    HEADERS
        .iter()
        .zip(HEADER_PATTERNS.iter())
        .filter(|((needs, _), _)| needs.iter().any(|need| text.contains(need)))
        .filter_map(|(_, pattern)| pattern.find(text))
        .map(|found| found.start())
        .min()
}

/// What the writer of a comment wrote, without the mail below it and the signature of a phone.
pub fn own_words(text: &str) -> &str {
    let text = start_of_reply(text).map_or(text, |start| &text[..start]);
    let signature = SIGNATURE.find(text).map_or(text.len(), |found| found.start());
    &text[..signature]
}

static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?mi)^[ \t]*(?:--[ \t]*$|(?:sent from my|get outlook for|发自我的|來自我的|enviado (?:desde|do)|envoyé de(?:puis)?|von meinem|gesendet von|отправлено (?:с|из)|iphone에서 보냄|나의 iphone|iphoneから送信))")
        .expect("the pattern is fixed and tested")
});
