//! What is said about a topic: lost, at hand, refused, never set up.

use super::Entry;

/// What can be said about a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Lost, gone, out of reach, forgotten.
    Lost,
    /// At hand and working.
    Have,
    /// The bare verb, which counts only where nothing stronger is near.
    MayHave,
    /// Refused, invalid, without effect.
    Refused,
    /// Never made or set up.
    NeverSet,
    /// Not verified.
    Unverified,
    /// Does not arrive.
    NotArriving,
    /// Arrives.
    Arrives,
    /// Typed wrongly when registering.
    Wrong,
    /// Was just changed or reset with success.
    Renewed,
    /// Turns the next state round.
    Not,
    /// "No" or "without" right before a thing.
    Without,
    /// Denies a loss, so that what is named is at hand.
    Denied,
    /// Makes the whole clause one about something else: the box, another site's account.
    NotAboutThis,
    /// Looks like a state and is none: "I worked there", "somebody I don't know".
    Nothing,
    /// Asks for something to be done, which is no statement.
    Wish,
}

/// Phrases for each state, by language.
pub const STATES: &[&[Entry<State>]] = &[
    ENGLISH_LOST,
    ENGLISH_AT_HAND,
    ENGLISH_OTHER,
    CHINESE,
    JAPANESE_KOREAN,
    RUSSIAN,
    ROMANCE,
    GERMAN,
    TURKISH_INDONESIAN,
];

const ENGLISH_LOST: &[Entry<State>] = &[(State::Lost,
        "dont|didnt|doesnt have ?any access, do|did|does not have ?any access, not have access, no way|means|chance|possibility .. reach|open|access|get|read|see|recover|find, is|was|are|were|been|being|got closed, closed down|to|for|my|the|it|already|by, have none, is no longer, without ?any access, lost, loss, lose, loose, losing, loosing, loss acces|access, lost ?the ?my access|acces, loosed, gone,
         went missing, missing, disappeared, vanished, destroyed, passed away, gave up, died, dead, went down,
         went away, went with it, misplaced, mislaid, stolen, broke, broken, damaged, burned, crashed, deleted,
         erased, wiped, formatted, uninstalled, removed, got removed|deleted|erased|wiped|lost|broken, corrupted,
         curropted, corrupt, reinstalled, factory reset, expired, lapsed, ran out, shut down, shutdown, shut,
         switched off, switched it|the off, turned off, deactivated, disabled, terminated, discontinued, unavailable, inaccessible, unreachable, not reachable|valid, out of ?my ?our reach, out of
         the question, out of sync, no longer have|has|had ?any access, no longer
         have|has|had|own|owns|possess|hold|control|know|remember|use, no longer .., no longer, not any more|longer|anymore, any more|longer,
         anymore, is no more, are no more, cant|cannot|couldnt
         find|locate|access|open|reach|read|get|recall|remember|recover|retrieve|reset|use|see|receive|log,
         can|could not|no|t
         find|locate|access|open|reach|read|get|recall|remember|recover|retrieve|use|receive|longer,
         cant|cannot|couldnt be found|recovered|accessed|reached|got|used|retrieved|restored|located,
         cant|cannot|couldnt get at|into|to|back, dont|do|didnt|did|doesnt not
         have|own|possess|recall|remember|know|keep|save|store, dont|didnt|doesnt|havent
         have|own|possess|recall|remember|know|keep|save|store|hold|got|had|saved|stored|kept, do|did|does|have
         not have|own|possess|recall|remember|know|keep|save|store|hold|kept|saved|stored, unable to
         find|locate|access|open|reach|read|get|recall|remember|recover|use|log|login|receive, not able to ..,
         without access, dont .. have, dont .. remember|recall|know, cant ..
         remember|recall|find|access|say|tell, no access, no ?way|means|possibility to
         ?access|get|reach|recover|read, have|has|had none, none left, not in my, nor recovery|backup, there
         is|was no trace, no trace, no memory, no idea, no record, forgot, forgotten, forget, forgets,
         forgetting, slipped my|our mind, slipped, escapes|escaped me, unknown, not known, known to no one, not
         saved|kept|stored|written|noted, never saved|kept|stored|wrote|noted, werent|wasnt|isnt|arent
         kept|saved|stored|written|accessible|available|there|reachable|known|mine|working|carried|synced|open,
         is|are|was|were|being not
         kept|saved|stored|written|accessible|available|there|reachable|known|mine|carried|synced|open|saved,
         wasnt|werent|not|isnt carried|synced|transferred|moved|migrated, did not
         transfer|migrate|move|carry|sync, didnt transfer|migrate|move|carry|sync, locked out of, used
         up, all used, have .. been used, ran through, run out of, went through all of them, lost access,
         lose|losing access, closed to me|us, is closed, never renewed, let .. lapse|expire, not .. have|own, no
         .. left, replaced, reset my|the|our phone|iphone|device|mobile, can no longer, not available|accessible,
         changed my|the ?old phone|mobile|device|computer|number, switched phone|phones|device|devices, changed
         phone|phones|device|devices, cannot any, is lost, no more, dont belong|exist, doesnt exist|belong,
         does|do not exist|belong, not exist, ceased, bounce, bounces, bounced, search of|for, not mine, cut off,
         banned|blocked, fell, flooded, water, traded in, sold, gave away, threw away, thrown away, discarded,
         overwritten, never put|stored|kept in, cant be found|recovered, nowhere, in none of, in any of them, not
         listed, dont list, doesnt list, holds no, hold no|none, dont show, doesnt show|work, nobody ..
         knows|reach|open|say, not on record, never been found, couldnt, locked me out, swallowed, not be
         accessed|found|reached|recovered, cant now, unrecoverable, lost to me|us")];

const ENGLISH_AT_HAND: &[Entry<State>] = &[
    (State::Have,
        "all|both|still|do|does work, does|do its|their job, reads|read it|them|that, opens, still read, is|are in our|my, by recovery|backup codes|code, means of recovery codes, using ?a ?my ?the recovery|backup code|codes, tried ?a ?my ?the recovery|backup code|codes, recovery code was tried, recovery code is|was in|taken|accepted, with code recovery, still hold|holds, do|did have, still
         have|has|own|hold|know|got|remember|works|mine|with|here|available|accessible|active|there|ours|working|receive|receives,
         have still, still, is|are
         mine|ours|here|known|open|accessible|available|valid|fine|active|ok|okay|working|intact|with|reachable,
         at hand, in hand, in our|my hands|possession|control, with me|us, under my|our control, works, working,
         worked, functions, functional, accessible, available, valid, correct, known, know, remember, remembered,
         mine, all mine, intact, found, turned up, can
         access|read|open|log|receive|reach|use|get|see|check, could be read, have|has access, i control, control, own, is open, open to me|us, accepted, passed, succeeded, recall, is my own, i|we use, keeps running, fully mine|open, to read"),
    (State::MayHave,
        "have, has, having, got, hold, holds, owned"),
    (State::Arrives,
        "still reaches, reaches me|us, still reach, that comes|came, comes, comes in, come in, does come, did come, arrives, arrived well, brings a|me, reached me, reaches me, told
         me, brought, came, comes up, i got, did send, received, i get, what i get"),
    (State::Renewed,
        "resetting .. .. works|worked, forgot|forgotten password worked|works, reset .. worked, i got back, i could reset|renew|change, has ?already gone through, was reset fine, i ?already ?have ?just ?successfully reset|changed, was|is|got|been reset|changed|renewed, could reset|renew|change|get, i|we reset|changed, have|has
         reset|changed, reset fine|worked|went|completed|successfully|once, reset was fine|done|successful|completed|ok, reset has already gone, just changed|reset,
         already gone|went through, has already gone through, got back already, got back, gone through, resetting
         works|worked, i could reset, is reset, could reset once more, was|were
         reset, changed the|my, worked and|fine, get back"),
];

const ENGLISH_OTHER: &[Entry<State>] = &[
    (State::Refused,
        "in|by a|some|the|data|known ?data breach|leak|breaches, found in .. breach, pwned, invalid, refused, refuses, refuse, rejected, rejects, not accepted, declined, incorrect, wrong, denied,
         not recognized|recognised, isnt recognized|accepted|valid|correct, arent
         recognized|accepted|valid|correct|working, not correct|valid|working, doesnt|dont|does|do not
         work|help|match, doesnt|dont|didnt|wont|cant|cannot|couldnt work|accept|match|pass, wont|not
         let|letting, is|are not accepted|valid|correct|working, fails, failed, failing, fail, never accepted,
         not one of them|these|those works|work, none of them|these|those|it work|works|lets, stopped working, no
         effect, previously used, already used, been used, unaccepted, not take|accept, no luck,
         call|calls|called|is|are invalid, breached, leaked, compromised, in a|some data breach, unsafe, voided,
         in a breach list, did not work|help, didnt help|work, error, gets me in, lets me in, never accepts, not
         being accepted, wont work|accept, ceased to work, hasnt worked"),
    (State::NeverSet,
        "ignored the advice, never ..
         configured|set|enabled|activated|generated|made|created|used|had|on|got|added|installed|registered|turned|did|downloaded|received|handed|given,
         not .. configured|enabled|activated|generated|set, have|has|had not
         configured|enabled|generated|set|activated|created, havent|hasnt|hadnt|didnt|wasnt|werent
         configured|enable|enabled|generate|generated|set|activate|activated|configure|create|created, did not
         enable|generate|configure|set|create|activate, never been configured|enabled|set|generated, had never
         been, not remember .. enabling|setting, no memory of, cant|dont|not remember|remeber|recall
         enabling|setting|having, had not been, were not handed, not get round to it, went by without it, not offered, came only, didnt exist, was not required, wasnt required"),
    (State::Unverified,
        "verifying it is out, verifying .. impossible|question, unconfirmed, cannot|cant|could|not be confirmed|verified, unverified, un verified, non verified, not verified, never verified, isnt|wasnt|arent|werent ?been
         verified, never got verified, never .. verified, not .. verified, not been verified, hasnt|havent|hadnt
         been verified, nobody ever verified, didnt|not|never|cant|cannot|couldnt verify|confirm, verification ..
         could not reach, no verified, not confirmed, never confirmed, unconfirmed, verify it is out, nothing
         lets me verify, could not be verified, couldnt be verified, cant be verified, wants me to verify, have
         to verify, wants email verification, not validated, not as verified, requires ..
         verified, wants a verified, needs .. verified, verify my|the|your email|mail|address, verification code
         could not reach"),
    (State::NotArriving,
        "never|not show|shows|showed|turns|turn|turned up, doesnt|dont|didnt show|turn up, never arrives|arrive|arrived|comes|come|came|reaches|reach|reached|gets|got|received|receive,
         not|doesnt|dont|didnt|isnt|hasnt
         arrive|arriving|arrived|come|coming|came|reach|receive|get|sent|received|show|deliver|appear, no
         email|mail ever|reaches|comes|came|arrives|arrived, no emails|mails reach|arrive|come|at, not
         received|receiving|getting|coming|arriving|sent|delivered, has yet to come, yet to come|arrive, nothing
         arrives|arrived|comes|came|turns|reaches, brought nothing|no, vanish, no password, cant|cannot|cant
         receive, cant|cannot|unable ?to receive|get|see, doesnt|does|not not come|arrive|reach|send|seem,
         appears not to come, sends no|none, still no|nothing, never got, never|not delivered, no .. ever
         comes|arrives|came, no .. reaches me, not come through, havent received|got|seen, no reset, no link, no
         new ones, has no link, is missing, no email|emails|mail|mails"),
    (State::Wrong,
        "typo, typos, mistyped, misspelled|misspelt, mis spelled, wrong ?email|mail|address|adress, incorrect
         ?email|mail|address|adress, is wrong, has to read, its should be, entered ..
         wrong|incorrect, a wrong, entered one that, not my right, wrongly"),
    (State::Not,
        "not, no, never, cant, cannot, dont, doesnt, didnt, isnt, arent, wasnt, werent, wont, neither, nor, none,
         nothing, nobody, hardly, havent, hasnt, couldnt, n't, unable, nowhere, no longer, isn, aren"),
    (State::Without,
        "no, without, w o, nor, neither, not .. any, lack of, lacking"),
    (
        State::Denied,
        "not a case of, not that i|we, it is|s not that, not about, nothing of my, no lost, no 2fa|mfa|email|mailbox loss, not a lost, nothing is|was lost, have|has not lost, havent|hasnt lost, didnt lose,
         did not lose, is|are|was not lost, not lost, never lost, isnt|arent|wasnt lost, not that .. lost",
    ),
    (
        State::NotAboutThis,
        "for my github account, github account i do, on github, for github, ticked, tick, checkbox, the box, this box, check the"),
    (
        State::Nothing,
        "i|we|he|she|they worked|work|works, who worked, i know you|the|that|this|i, let me|us know, somebody|someone|person|people i|we dont know, i dont know why|how|if|what|whether, dont know how|why|what|whether"
    ),
    (
        State::Wish,
        "please reset|send|remove|disable|turn|switch|change|take|delete|tell|help|give|let, could|would|can|may you, i|we would like|love, id like, i|we want|wish, kindly, would be, should be removed|reset,
         has|have to be removed|reset|taken, must be removed|reset, in order to, i|we request, requesting, send me, how can|do, which steps, be possible to, want that, i ask"),
];

const CHINESE: &[Entry<State>] = &[
    (State::Lost,
        "丢失, 丢了, 丢, 弄丢, 遗失, 不见了, 不见, 找不到, 找不回, 忘记, 忘了, 不记得, 记不得, 无法访问, 无法使用, 无法登录, 无法获取, 无法接收, 不能使用, 不能用, 拿不到,
         没有了, 没有, 坏了, 失效, 注销, 停用, 无法, 丟失, 遺失, 忘記, 無法, 没保存, 没存, 登不上"),
    (State::Have,
        "还在, 可以使用, 能用, 正常, 记得, 可以访问, 我有, 能登录, 可用"),
    (State::Refused,
        "无效, 错误, 不正确, 不对, 被拒绝, 提示错误, 無效"),
    (State::NeverSet,
        "没有设置, 没有开启, 没设置, 未设置, 从未设置, 没开过, 没有启用"),
    (State::Unverified,
        "未验证, 没有验证, 没验证, 未經驗證, 未认证"),
    (State::NotArriving,
        "收不到, 没收到, 没有收到, 未收到, 收不到邮件"),
    (State::Wrong,
        "填错, 写错, 输错"),
];

const JAPANESE_KOREAN: &[Entry<State>] = &[
    (State::Lost,
        "失い, 失って, 失くし, なくし, 紛失, 忘れ, アクセスできなく, アクセスできません, アクセスできない, 使えなく, 使えません, 見つかりません, 見つから, ログインできない,
         ログインできません, 消え, 壊れ, 分かりません, わかりません, 分実, 持っていません, 保存していません, 잃어버, 분실, 잊어, 접근할 수 없, 접속할 수 없, 사용할 수 없, 찾을 수
         없, 없습니다, 없어, 까먹, 잃었, 모르겠, 삭제"),
    (State::Have,
        "覚えています, あります, 使えます, アクセスできます, 있습니다, 알고 있, 기억"),
    (State::Refused,
        "無効, 拒否, 正しくない, 通りません, 잘못된, 유효하지, 틀렸"),
    (State::Unverified,
        "未確認, 認証されていません, 確認されていません, 인증되지 않, 확인되지 않"),
    (State::NotArriving,
        "届きません, 届かない, 届いてい, 오지 않, 받지 못, 안 옵니다"),
];

const RUSSIAN: &[Entry<State>] = &[
    (State::Lost,
        "утрачен*, утерян*, потерян*, потерял*, утратил*, забыл*, забыт*, не помню, нет доступа, нету, нет,
         недоступ*, не могу войти|найти|получить|зайти, пропал*, удалил*, удален*, сломал*, сломан*, украл*, не
         сохранил*, лишился|лишилась, потеря*"),
    (State::Have,
        "помню, есть, работает, доступен, доступна, имею"),
    (State::Refused,
        "неверн*, не принима*, не работа*, не подход*, недействител*"),
    (State::NeverSet,
        "не настраивал*, не включал*, не устанавливал*, не подключал*, не создавал*"),
    (State::Unverified,
        "не подтвержд*, неподтвержд*, не верифицирован*"),
    (State::NotArriving,
        "не приходит, не приходят, не пришл*, не получаю, не доходит"),
];

const ROMANCE: &[Entry<State>] = &[
    (State::Lost,
        "perdi, perdido, perdida, perdio, perdimos, he perdido, perdi o|el acesso|acceso, ya no tengo, no tengo,
         nao tenho, nao tenho mais, sin acceso, sem acesso, no puedo acceder|entrar|recordar, nao consigo
         acessar|entrar|lembrar, nao guardei|salvei|lembro|tenho|gerei, no guarde|recuerdo|tengo|genere, olvide,
         he olvidado, olvidado, esqueci, robado, roubado, roubaram, robaron, se rompio, quebrou, borre, borrado,
         apaguei, perdu, perdue, perdus, ai perdu, jai perdu, oublie, plus acces, nai plus, n ai plus, ne plus,
         pas acces, casse, vole, supprime, introuvable, je nai pas, perso, persa, ho perso, smarrito,
         dimenticato, non ho, non ho piu, non riesco, non posso accedere, non ricordo, rotto, rubato, tampoco
         logro, no logro, trocar|troquei de celular|telefone, cambie de telefono|movil|celular, change de
         telephone, no encuentro, nao encontro, je ne retrouve"),
    (State::Have,
        "lembro, lembro da, recuerdo, tengo, tenho, je connais, jai encore, funciona, fonctionne, ricordo, ho
         ancora, ainda tenho, aun tengo, todavia tengo"),
    (State::Refused,
        "nao esta correto, no es correcto, invalido, invalida, invalidos, incorreto, incorrecto, no
         funciona|funcionan, nao funciona|funcionam, ne marche|fonctionne pas, non funziona|funzionano, no
         acepta, nao aceita, refuse|refuses, no es valido, errado, esta incorrecto"),
    (State::NeverSet,
        "nunca configure|configurei|active|ativei|genere, jamais configure|active|genere, mai
         configurato|attivato"),
    (State::Unverified,
        "no verificado|verificada, nao verificado, sin verificar, non verifie|verifiee, pas verifie|verifiee, non
         verificato|verificata, no esta verificado, nao foi verificado, nao esta verificado"),
    (State::NotArriving,
        "no llega|llegan|recibo, nao chega|chegam|recebo, ne recois|arrive pas, non arriva|arrivano|ricevo, je ne
         recois"),
];

const GERMAN: &[Entry<State>] = &[
    (State::Lost,
        "verloren, vergessen, kein zugriff|zugang, keinen zugriff|zugang, nicht mehr, weg, keine, kaputt,
         geloescht, geloscht, gestohlen, finde nicht, komme nicht, nicht finden, defekt, abhanden"),
    (State::Have,
        "habe noch, funktioniert, kenne, weiss ich, zugriff habe"),
    (State::Refused,
        "ungultig, ungueltig, abgelehnt, funktioniert nicht, falsch, nicht akzeptiert"),
    (State::NeverSet,
        "nie eingerichtet|aktiviert|erstellt"),
    (State::Unverified,
        "nicht verifiziert|bestatigt, unbestatigt"),
    (State::NotArriving,
        "kommt nicht an, kommt keine, nicht angekommen, erhalte keine"),
];

const TURKISH_INDONESIAN: &[Entry<State>] = &[
    (State::Lost,
        "kaybettim, kayboldu, ulasamiyorum, unuttum, erisemiyorum, erisimim yok, yok, hatirlamiyorum, calindi,
         bozuldu, sildim, silindi, kaydetmedim, hilang, lupa, tidak bisa ?akses|masuk|mengakses, kehilangan,
         tidak punya|ada|memiliki|menyimpan|ingat, rusak, terhapus"),
    (State::Have,
        "hatirliyorum, biliyorum, calisiyor, masih ada|punya|bisa"),
    (State::Refused,
        "gecersiz, kabul edilmiyor, calismiyor, tidak valid|berfungsi, salah"),
    (State::NeverSet,
        "hic kurmadim|ayarlamadim, tidak pernah mengaktifkan|mengatur"),
    (State::Unverified,
        "dogrulanmamis, dogrulanmadi, belum diverifikasi|terverifikasi, tidak diverifikasi|terverifikasi"),
    (State::NotArriving,
        "gelmiyor, almiyorum, tidak masuk|sampai|datang"),
];
