//! How people introduce a user name: every turn of phrase the reading knows, one pattern each.

use std::ops::RangeInclusive;

use crate::reading::pattern::Part::{
    Edge, Either, Few, LineBegins, Many, Maybe, Name, One, Rest, Times,
};
use crate::reading::pattern::{Pattern, Patterns};

/// More blanks, marks or quotation marks in a row than this are no part of a sentence.
const MAX: usize = 40;

/// What introduces a name in prose, the surest first.
pub static LABELS: Patterns =
    Patterns::new(&[&LABELLED, &CALLED, &ACCOUNT, &ACCOUNT_MARKED, &OF_USER, &I_AM]);

/// The link to a profile.
pub static PROFILE: Pattern =
    Pattern::new(&[One(&["pypi.org/user/", "pypi.python.org/user/"]), Name]);

/// "My user name is ada", "username: ada".
static LABELLED: Pattern = Pattern::new(&[
    One(&[
        "user_name saya",
        "user_name",
        "user_id",
        "login name",
        "account_name",
        "acct_name",
        "acc_name",
        "usuario",
        "usuário",
        "utilisateur",
        "identifiant",
        "benutzername",
        "nome utente",
        "kullanıcı adı*",
        "ник",
        "логин",
        "аккаунт",
        "아이디",
        "사용자 이름",
        "用户名",
        "账号",
        "帳號",
        "ユーザー名",
    ]),
    Few(is_mark_of_line, 6),
    Either(&[
        &[Edge, One(&["is", "was", "ist", "est", "es"]), Edge],
        &[Many(is_blank, 1, 1), One(&["é", "è"]), Many(is_blank, 1, 1)],
        &[One(&[":", "=", "：", "(", "*", "-", "—"])],
    ]),
    Many(opens, 0, MAX),
    Name,
]);

/// "Account: ada", and on a line of its own "account - ada".
static ACCOUNT: Pattern = Pattern::new(&[
    Either(&[
        &[Edge, One(&["account", "user"]), Many(is_space_or_star, 0, 3), One(&[":", "=", "："])],
        &[LineBegins, One(&["account", "user"]), Many(is_space, 1, MAX), One(&["-"])],
    ]),
    Many(opens, 0, MAX),
    Name,
]);

/// "Account is `ada`": without marks the word may be any other.
static ACCOUNT_MARKED: Pattern = Pattern::new(&[
    Edge,
    One(&["account"]),
    Many(is_space, 0, 3),
    Either(&[&[One(&["is", "was"]), Edge], &[One(&["(", "-", "—"])]]),
    Many(is_space, 0, MAX),
    Many(opens_marked, 1, MAX),
    Name,
]);

/// "My user `ada`", "the account named (ada)".
static CALLED: Pattern = Pattern::new(&[
    Edge,
    One(&["username", "user name", "user", "account", "login"]),
    Many(is_space_or_line_end, 1, MAX),
    Maybe(&["named ", "called ", "name "]),
    Many(opens_bracket_or_quotation, 1, MAX),
    Name,
    Many(closes, 1, 1),
]);

/// "My name: ada" in the field itself, up to the name.
pub static FIELD_LABEL: Pattern = Pattern::new(&[
    Many(is_mark, 0, MAX),
    Times(&[One(&["my", "the", "pypi", "your", "user"]), Many(is_blank, 1, MAX)], 5),
    Maybe(&[
        "user_name saya",
        "user_name",
        "user",
        "account",
        "login",
        "id",
        "name",
        "nick",
        "usuario",
        "usuário",
        "utilisateur",
        "identifiant",
        "benutzername",
        "логин",
        "ник",
        "아이디",
        "用户名",
        "账号",
        "ユーザー名",
    ]),
    Many(is_blank, 0, MAX),
    One(JOINTS),
    Many(is_blank, 0, MAX),
    Times(&[One(JOINTS), Many(is_blank, 0, MAX)], 3),
]);

/// What stands between a label and the name.
const JOINTS: &[&str] = &["is", "was", "=", ":", "：", "->"];

/// "`ada`".
pub static MARKED: Pattern = Pattern::new(&[
    One(&["`", "\"", "“", "‘", "'", "´", "*"]),
    Many(opens_marked_or_accent, 0, MAX),
    Name,
    Many(closes_marked, 1, MAX),
]);

/// "Ada or lovelace".
pub static TWO: Pattern = Pattern::new(&[
    Many(is_mark, 0, MAX),
    Times(&[One(&["either"]), Many(is_blank, 1, MAX)], 1),
    Name,
    Many(is_plain_mark, 0, MAX),
    Many(is_blank, 0, MAX),
    Either(&[&[Edge, One(&["or", "and", "et"]), Edge], &[One(&["/", ",", ";", "&", "或", "和"])]]),
    Many(is_blank, 0, MAX),
    Many(is_plain_mark, 0, MAX),
    Name,
    Rest(is_mark),
]);

/// "For user ada", "(username ada)".
static OF_USER: Pattern = Pattern::new(&[
    Either(&[
        &[Edge, One(&["for "]), Maybe(&["the "]), Maybe(&["pypi "]), One(&["user", "account"])],
        &[
            One(&["(", "[", ","]),
            Maybe(&[" "]),
            Maybe(&["pypi "]),
            One(&["user name", "username", "user", "account"]),
        ],
        &[One(&["имя пользователя"]), Maybe(&[":", "—", "-"])],
    ]),
    One(&[" "]),
    Name,
]);

/// "Ada - my old account", "ada on test.pypi.org", "ada: remark".
pub static LEADING: Pattern = Pattern::new(&[
    Many(is_mark, 0, MAX),
    Name,
    Many(is_plain_mark, 0, MAX),
    Many(is_blank, 0, MAX),
    Either(&[
        &[Many(is_blank, 1, 1), One(&["-", "–", "—"]), Many(is_blank, 1, 1)],
        &[One(&[":"]), Many(is_blank, 1, 1)],
        &[
            Many(is_blank, 1, 1),
            One(&["on ", "at ", "in ", "for ", "+ "]),
            Maybe(&["the "]),
            One(&["test", "pypi", "main", "real"]),
        ],
    ]),
]);

/// "I think it's ada".
pub static GUESSED: Pattern = Pattern::new(&[
    Either(&[
        &[Edge, One(&["it's", "its"])],
        &[One(&["it is", "maybe", "perhaps", "probably", "think", "is"])],
    ]),
    One(&[" "]),
    Many(is_plain_mark, 0, MAX),
    Name,
    Rest(is_mark),
]);

/// "Ada Lovelace (ada)".
pub static IN_BRACKETS: Pattern = Pattern::new(&[
    One(&["(", "（"]),
    Many(is_blank, 0, MAX),
    Name,
    Many(is_blank, 0, MAX),
    One(&[")", "）"]),
]);

/// "I'm `ada`".
static I_AM: Pattern = Pattern::new(&[
    Edge,
    One(&["i'm", "i’m", "i am", "this is"]),
    Many(is_blank, 1, MAX),
    Many(opens_bracket_or_quotation, 1, MAX),
    Name,
    Many(closes, 1, 1),
]);

/// The mark of an item of a list.
pub static LIST_MARK: Pattern = Pattern::new(&[
    Many(is_blank, 0, MAX),
    Either(&[&[Many(is_digit, 1, 2), One(&[".", ")"])], &[One(&["-", "*", "+", "•"])]]),
    Many(is_blank, 1, MAX),
]);

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t')
}

fn is_space_or_star(letter: char) -> bool {
    is_space(letter) || letter == '*'
}

fn is_space_or_line_end(letter: char) -> bool {
    is_space(letter) || letter == '\n'
}

fn is_plain_mark(letter: char) -> bool {
    matches!(letter, '`' | '\'' | '"' | '*')
}

fn opens(letter: char) -> bool {
    is_blank(letter) || letter == ':' || opens_bracket_or_quotation(letter) || letter == '‘'
}

fn opens_bracket_or_quotation(letter: char) -> bool {
    is_plain_mark(letter) || matches!(letter, '“' | '‘' | '(')
}

fn opens_marked(letter: char) -> bool {
    is_plain_mark(letter) || matches!(letter, '“' | '‘')
}

fn opens_marked_or_accent(letter: char) -> bool {
    opens_marked(letter) || letter == '´'
}

fn closes_marked(letter: char) -> bool {
    is_plain_mark(letter) || matches!(letter, '”' | '’' | '´')
}

fn closes(letter: char) -> bool {
    is_plain_mark(letter) || matches!(letter, '”' | '’' | ')')
}

/// Blanks, punctuation, signs and pictures, in blocks of Unicode.
const MARKS: &[RangeInclusive<char>] = &[
    '\0'..='/',
    ':'..='@',
    '['..='^',
    '`'..='`',
    '{'..='\u{a9}',
    '\u{ab}'..='\u{b4}',
    '\u{b6}'..='\u{b9}',
    '\u{bb}'..='\u{bf}',
    '\u{2000}'..='\u{206f}',
    '\u{2190}'..='\u{2bff}',
    '\u{3000}'..='\u{3004}',
    '\u{3008}'..='\u{3020}',
    '\u{fe0f}'..='\u{fe0f}',
    '\u{feff}'..='\u{ff0f}',
    '\u{ff1a}'..='\u{ff20}',
    '\u{1f300}'..='\u{1faff}',
];

fn is_mark(letter: char) -> bool {
    MARKS.iter().any(|marks| marks.contains(&letter))
}

fn is_mark_of_line(letter: char) -> bool {
    letter != '\n' && is_mark(letter)
}
