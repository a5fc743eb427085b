//! Names of months and weekdays, and the small words of dates.
//!
//! A further language is one line of `MONTHS` (and of `WEEKDAYS`). Words are compared folded: without case and
//! accents. A name marked `?` is also an ordinary word somewhere else: it counts only in a text of its own language,
//! or where the whole string is a date.

use super::calendar::Calendar;
use crate::model::Lang;
use jiff::civil::Weekday;
use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Full names first, then abbreviations; languages in the order in which a shared name is decided.
#[rustfmt::skip]
const MONTHS: &[(&str, [&str; 12])] = &[
    ("fr", ["janvier janv jan", "février févr fev fév", "mars", "avril avr", "mai", "juin", "juillet juil", "août aoû", "septembre sept sep", "octobre oct", "novembre nov", "décembre déc dec"]),
    ("en", ["january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec"]),
    ("de", ["januar jänner jan jän", "februar feber feb", "märz maerz mär mrz", "april apr", "mai", "juni jun", "juli jul", "august aug", "september sept sep", "oktober okt", "november nov", "dezember dez"]),
    ("es", ["enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul", "agosto ago?", "septiembre setiembre sept sep set?", "octubre oct", "noviembre nov", "diciembre dic"]),
    ("it", ["gennaio genn gen?", "febbraio febbr feb", "marzo mar", "aprile apr", "maggio magg mag?", "giugno giu", "luglio lug", "agosto ago?", "settembre sett set?", "ottobre ott", "novembre nov", "dicembre dic"]),
    ("pt", ["janeiro jan", "fevereiro fev", "março mar", "abril abr", "maio mai", "junho jun", "julho jul", "agosto ago?", "setembro set?", "outubro out?", "novembro nov", "dezembro dez"]),
    ("nl", ["januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul", "augustus aug", "september sept sep", "oktober okt", "november nov", "december dec"]),
    ("ca", ["gener gen?", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre", "novembre", "desembre des?"]),
    ("gl", ["xaneiro xan", "febreiro", "marzo", "abril", "maio", "xuño", "xullo", "agosto", "setembro", "outubro", "novembro", "decembro"]),
    ("eu", ["urtarrilaren urtarrila", "otsailaren otsaila", "martxoaren martxoa", "apirilaren apirila", "maiatzaren maiatza", "ekainaren ekaina", "uztailaren uztaila", "abuztuaren abuztua", "irailaren iraila", "urriaren urria", "azaroaren azaroa", "abenduaren abendua"]),
    ("oc", ["genièr", "febrièr", "març", "abril", "mai", "junh", "julhet", "agost", "setembre", "octòbre", "novembre", "decembre"]),
    ("sv", ["januari jan", "februari feb", "mars", "april apr", "maj", "juni jun", "juli jul", "augusti aug", "september sept sep", "oktober okt", "november nov", "december dec"]),
    ("da", ["januar jan", "februar feb", "marts", "april apr", "maj", "juni jun", "juli jul", "august aug", "september sept sep", "oktober okt", "november nov", "december dec"]),
    ("no", ["januar jan", "februar feb", "mars", "april apr", "mai", "juni jun", "juli jul", "august aug", "september sept sep", "oktober okt", "november nov", "desember des?"]),
    ("is", ["janúar", "febrúar", "mars", "apríl", "maí", "júní", "júlí", "ágúst", "september", "október", "nóvember", "desember"]),
    ("fi", ["tammikuuta tammikuu tammikuun", "helmikuuta helmikuu helmikuun", "maaliskuuta maaliskuu maaliskuun", "huhtikuuta huhtikuu huhtikuun", "toukokuuta toukokuu toukokuun", "kesäkuuta kesäkuu kesäkuun", "heinäkuuta heinäkuu heinäkuun", "elokuuta elokuu elokuun", "syyskuuta syyskuu syyskuun", "lokakuuta lokakuu lokakuun", "marraskuuta marraskuu marraskuun", "joulukuuta joulukuu joulukuun"]),
    ("et", ["jaanuar jaanuaril", "veebruar veebruaril", "märts märtsil", "aprill aprillil", "mai mail?", "juuni juunil", "juuli juulil", "august augustil", "september septembril", "oktoober oktoobril", "november novembril", "detsember detsembril"]),
    ("lv", ["janvāris janvārī", "februāris februārī", "marts martā", "aprīlis aprīlī", "maijs maijā", "jūnijs jūnijā", "jūlijs jūlijā", "augusts augustā", "septembris septembrī", "oktobris oktobrī", "novembris novembrī", "decembris decembrī"]),
    ("lt", ["sausio sausis", "vasario vasaris", "kovo kovas", "balandžio balandis", "gegužės gegužė", "birželio birželis", "liepos liepa", "rugpjūčio rugpjūtis", "rugsėjo rugsėjis", "spalio spalis", "lapkričio lapkritis", "gruodžio gruodis"]),
    ("pl", ["stycznia styczeń sty?", "lutego luty lut?", "marca marzec", "kwietnia kwiecień kwi?", "maja maj", "czerwca czerwiec cze?", "lipca lipiec lip?", "sierpnia sierpień sie?", "września wrzesień wrz", "października październik paź", "listopada listopad lis?", "grudnia grudzień gru?"]),
    ("cs", ["ledna leden led?", "února únor", "března březen", "dubna duben dub?", "května květen", "června červen", "července červenec", "srpna srpen", "září", "října říjen", "listopadu listopad", "prosince prosinec pro?"]),
    ("sk", ["januára január", "februára február", "marca marec", "apríla apríl", "mája máj", "júna jún", "júla júl", "augusta", "septembra", "októbra október", "novembra", "decembra"]),
    ("sl", ["januarja januar", "februarja", "marca marec", "aprila", "maja", "junija junij", "julija julij", "avgusta avgust", "septembra", "oktobra", "novembra", "decembra"]),
    ("hr", ["siječnja siječanj", "veljače veljača", "ožujka ožujak", "travnja travanj", "svibnja svibanj", "lipnja lipanj", "srpnja srpanj", "kolovoza kolovoz", "rujna rujan", "listopada listopad", "studenoga studenog studeni", "prosinca prosinac"]),
    ("sr", ["januara januar јануара јануар", "februara februar фебруара фебруар", "marta mart марта март", "aprila aprila априла април", "maja maj маја мај", "juna jun јуна јун", "jula jul јула јул", "avgusta avgust августа август", "septembra septembar септембра септембар", "oktobra oktobar октобра октобар", "novembra novembar новембра новембар", "decembra decembar децембра децембар"]),
    ("hu", ["január januári jan", "február februári febr feb", "március márciusi márc", "április áprilisi ápr", "május májusi máj", "június júniusi jún", "július júliusi júl", "augusztus augusztusi aug", "szeptember szeptemberi szept", "október októberi okt", "november novemberi nov", "december decemberi dec"]),
    ("ro", ["ianuarie ian", "februarie febr feb", "martie mar", "aprilie apr", "mai", "iunie iun", "iulie iul", "august aug", "septembrie sept sep", "octombrie oct", "noiembrie noi? nov", "decembrie dec"]),
    ("sq", ["janar", "shkurt", "mars", "prill", "maj", "qershor", "korrik", "gusht", "shtator", "tetor", "nëntor", "dhjetor"]),
    ("tr", ["ocak oca?", "şubat şub", "mart", "nisan nis?", "mayıs", "haziran haz?", "temmuz tem?", "ağustos ağu", "eylül eyl", "ekim eki?", "kasım kas?", "aralık ara?"]),
    ("az", ["yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"]),
    ("id", ["januari jan", "februari feb", "maret", "april apr", "mei", "juni jun", "juli jul", "agustus agu agt", "september sep", "oktober okt", "november nov nopember", "desember des?"]),
    ("ms", ["januari", "februari", "mac?", "april", "mei", "jun", "julai", "ogos", "september", "oktober", "november", "disember dis?"]),
    ("tl", ["enero", "pebrero", "marso", "abril", "mayo", "hunyo", "hulyo", "agosto", "setyembre", "oktubre", "nobyembre", "disyembre"]),
    ("sw", ["januari", "februari", "machi", "aprili", "mei", "juni", "julai", "agosti", "septemba", "oktoba", "novemba", "desemba"]),
    ("mg", ["janoary", "febroary", "martsa", "aprily", "mey", "jona", "jolay", "aogositra", "septambra", "oktobra", "novambra", "desambra"]),
    ("cy", ["ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin", "gorffennaf", "awst", "medi", "hydref", "tachwedd", "rhagfyr"]),
    ("ru", ["января январь янв", "февраля февраль фев февр", "марта март мар", "апреля апрель апр", "мая май", "июня июнь июн", "июля июль июл", "августа август авг", "сентября сентябрь сен сент", "октября октябрь окт", "ноября ноябрь ноя нояб", "декабря декабрь дек"]),
    ("uk", ["січня січень січ", "лютого лютий лют", "березня березень бер", "квітня квітень квіт", "травня травень трав", "червня червень черв", "липня липень лип", "серпня серпень серп", "вересня вересень вер", "жовтня жовтень жовт", "листопада листопад лист?", "грудня грудень груд"]),
    ("be", ["студзеня", "лютага", "сакавіка", "красавіка", "мая", "чэрвеня", "ліпеня", "жніўня", "верасня", "кастрычніка", "лістапада", "снежня"]),
    ("bg", ["януари ян", "февруари", "март", "април", "май", "юни", "юли", "август", "септември", "октомври", "ноември", "декември"]),
    ("mk", ["јануари", "февруари", "март", "април", "мај", "јуни", "јули", "август", "септември", "октомври", "ноември", "декември"]),
    ("el", ["ιανουαρίου ιανουάριος ιαν", "φεβρουαρίου φεβρουάριος φεβ φεβρ", "μαρτίου μάρτιος μαρ", "απριλίου απρίλιος απρ", "μαΐου μάιος μαι", "ιουνίου ιούνιος ιουν", "ιουλίου ιούλιος ιουλ", "αυγούστου αύγουστος αυγ", "σεπτεμβρίου σεπτέμβριος σεπ σεπτ", "οκτωβρίου οκτώβριος οκτ", "νοεμβρίου νοέμβριος νοε νοεμ", "δεκεμβρίου δεκέμβριος δεκ"]),
    ("hy", ["հունվարի հունվար", "փետրվարի փետրվար", "մարտի մարտ", "ապրիլի ապրիլ", "մայիսի մայիս", "հունիսի հունիս", "հուլիսի հուլիս", "օգոստոսի օգոստոս", "սեպտեմբերի սեպտեմբեր", "հոկտեմբերի հոկտեմբեր", "նոյեմբերի նոյեմբեր", "դեկտեմբերի դեկտեմբեր"]),
    ("ka", ["იანვარი იანვრის", "თებერვალი თებერვლის", "მარტი მარტის", "აპრილი აპრილის", "მაისი მაისის", "ივნისი ივნისის", "ივლისი ივლისის", "აგვისტო აგვისტოს", "სექტემბერი სექტემბრის", "ოქტომბერი ოქტომბრის", "ნოემბერი ნოემბრის", "დეკემბერი დეკემბრის"]),
    ("he", ["ינואר", "פברואר", "מרץ מרס", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר"]),
    ("ar", ["يناير جانفي", "فبراير فيفري", "مارس آذار", "أبريل إبريل أفريل نيسان", "مايو ماي أيار", "يونيو يونيه جوان حزيران", "يوليو يوليه جويلية يوليوز تموز", "أغسطس أوت غشت آب", "سبتمبر شتنبر أيلول", "أكتوبر", "نوفمبر نونبر", "ديسمبر دجنبر"]),
    ("hi", ["जनवरी", "फरवरी फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर सितम्बर", "अक्टूबर अक्तूबर", "नवंबर नवम्बर", "दिसंबर दिसम्बर"]),
    ("bn", ["জানুয়ারি জানুয়ারী", "ফেব্রুয়ারি ফেব্রুয়ারী", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর"]),
];
/// Months counted in another calendar.
#[rustfmt::skip]
const FARSI: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];
#[rustfmt::skip]
const THAI: [&str; 12] = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"];
/// Gregorian months as Persian writes them.
#[rustfmt::skip]
const FARSI_GREGORIAN: [&str; 12] = ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه جولای", "اوت آگوست", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"];

/// From Monday to Sunday.
const WEEKDAYS: [&str; 7] = [
    "lundi lun monday mon montag mo lunes lun lunedi lunedì segunda maandag ma måndag mandag dilluns maanantai maanantaina poniedziałek pon pondělí po понедельник пн понеділок Δευτέρα luni hétfő pazartesi senin الاثنين الإثنين שני دوشنبه",
    "mardi mar tuesday tue tues dienstag di martes martedi martedì mar terça dinsdag tisdag tirsdag dimarts tiistai tiistaina wtorek wt úterý út вторник вт вівторок Τρίτη marți kedd salı selasa الثلاثاء שלישי سه‌شنبه",
    "mercredi mer wednesday wed weds mittwoch mi miércoles mié mie mercoledi mercoledì quarta woensdag wo onsdag ons dimecres keskiviikko keskiviikkona środa śr středa st среда ср середа Τετάρτη miercuri szerda çarşamba rabu الأربعاء רביעי چهارشنبه",
    "jeudi jeu thursday thu thur thurs donnerstag do jueves jue giovedi giovedì gio quinta donderdag torsdag tor tors dijous torstai torstaina czwartek czw čtvrtek čt четверг чт четвер Πέμπτη joi csütörtök perşembe kamis الخميس חמישי پنجشنبه",
    "vendredi ven friday fri freitag fr viernes vie venerdi venerdì sexta vrijdag vr fredag fre divendres perjantai perjantaina piątek pt pátek pá пятница пт пятниця п'ятниця Παρασκευή vineri péntek cuma jumat الجمعة שישי جمعه",
    "samedi sam saturday sat samstag sonnabend sa sábado sáb sab sabato zaterdag za lördag lørdag lör dissabte lauantai lauantaina sobota sob so суббота сб субота Σάββατο sâmbătă szombat cumartesi sabtu السبت שבת شنبه",
    "dimanche dim sunday sun sonntag so domingo dom domenica zondag zo söndag søndag sön diumenge sunnuntai sunnuntaina niedziela nd neděle ne воскресенье вс неділя Κυριακή duminică vasárnap pazar minggu الأحد ראשון یکشنبه",
];

/// Words between day, month and year that carry no meaning of their own, and endings of ordinals.
#[rustfmt::skip]
const LINKS: &[&str] = &[
    "er", "re", "ere", "e", "eme", "ieme", "st", "nd", "rd", "th", "ste", "a", "o", "of", "de", "di", "d",
    "del", "do", "dne", "den", "the", "ten", "ого", "го", "е", "року", "ngay", "nam", "year", "ano", "an",
    "anul", "من", "m", "gada", "ko",
];
/// What may stand around a date in a string that is nothing but a date.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "le", "la", "il", "el", "lo", "on", "the", "am", "den", "der", "dem", "op", "de", "du", "dia", "em", "en",
    "at", "um", "a", "as", "las", "alle", "ore", "ora", "om", "kl", "klo", "klockan", "kello", "uhr", "h", "u",
    "uur", "t", "o", "date", "г", "года", "р", "року", "в", "у", "о", "r", "roku", "godz", "d", "j", "to",
    "hrs", "hours", "heures", "local", "time", "ngay", "luc", "и", "στις", "в", "ב", "de", "del", "di", "ke",
    "pukul", "saat", "pada", "hodin", "hod", "v", "ve", "feira", "l", "dell", "all", "nell",
];

/// What a month's name says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    /// 1 to 12.
    pub(super) number: u32,
    pub(super) calendar: Calendar,
    /// Whether the name is an abbreviation, so that a full stop after it ends no sentence.
    pub(super) short: bool,
    /// The language, and whether the name counts only there.
    lang: Lang,
    shy: bool,
}

static MONTH_NAMES: LazyLock<HashMap<String, Vec<Month>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<Month>> = HashMap::new();
    let tables = MONTHS.iter().map(|(lang, table)| (*lang, table, Calendar::Gregorian));
    let others = [
        ("fa", &FARSI, Calendar::Jalali),
        ("fa", &FARSI_GREGORIAN, Calendar::Gregorian),
        ("th", &THAI, Calendar::Buddhist),
    ];
    for (code, table, calendar) in tables.chain(others) {
        let Ok(lang) = code.parse::<Lang>() else { continue };
        for (number, words) in (1..).zip(table) {
            for (place, word) in words.split(' ').enumerate() {
                let name = word.trim_end_matches('?');
                let short = place > 0 && name.chars().count() <= 5;
                let month = Month { number, calendar, short, lang, shy: name.len() < word.len() };
                names.entry(folded(name)).or_default().push(month);
            }
        }
    }
    names
});

static WEEKDAY_NAMES: LazyLock<HashMap<String, Weekday>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (number, words) in (1..).zip(WEEKDAYS) {
        let Ok(weekday) = Weekday::from_monday_one_offset(number) else { continue };
        names.extend(words.split(' ').map(|word| (folded(word), weekday)));
    }
    names
});

/// The comparable form of a word.
pub(super) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let letters = word.nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c) && *c != '\u{200c}');
    letters.map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// The month that a folded word names. `whole` says that the string is nothing but a date.
pub(super) fn month(folded: &str, lang: Option<Lang>, whole: bool) -> Option<Month> {
    if folded.len() < 2 {
        return None;
    }
    if let Some(month) = listed(folded, lang, whole) {
        return Some(month);
    }
    // Hebrew writes "in" as a prefix of the month.
    if let Some(month) = folded.strip_prefix(['ב', 'ל']).and_then(|name| listed(name, lang, whole)) {
        return Some(month);
    }
    // An ordinal that a translator moved: "1 Januaryer 2021".
    let ending = ["er", "st", "nd", "rd", "th", "re"].iter().find_map(|ending| folded.strip_suffix(ending));
    ending.filter(|name| name.len() >= 4).and_then(|name| listed(name, lang, whole)).filter(|month| !month.short)
}

fn listed(name: &str, lang: Option<Lang>, whole: bool) -> Option<Month> {
    let senses = MONTH_NAMES.get(name)?;
    let own = lang.and_then(|lang| senses.iter().find(|sense| sense.lang == lang));
    own.or_else(|| senses.iter().find(|sense| whole || !sense.shy)).copied()
}

/// The second half of a month with two words, in Arabic: "كانون الثاني" is January.
pub(super) fn two_word_month(first: &str, second: &str) -> Option<Month> {
    match (first, second) {
        ("كانون", "الثاني") => numbered_month(1),
        ("تشرين", "الاول") => numbered_month(10),
        ("تشرين", "الثاني") => numbered_month(11),
        ("كانون", "الاول") => numbered_month(12),
        _ => None,
    }
}

/// Month number `number`, where a language counts months.
pub(super) fn numbered_month(number: u64) -> Option<Month> {
    let number = u32::try_from(number).ok().filter(|number| (1..=12).contains(number))?;
    Some(Month { number, calendar: Calendar::Gregorian, short: false, lang: Lang::EN, shy: false })
}

/// The weekday that a folded word names.
pub(super) fn weekday(folded: &str) -> Option<Weekday> {
    WEEKDAY_NAMES.get(folded).copied()
}

/// Whether a folded word only links the parts of a date.
pub(super) fn is_link(folded: &str) -> bool {
    LINKS.contains(&folded)
}

/// Whether a folded word may stand around a date without changing it.
pub(super) fn is_filler(folded: &str) -> bool {
    FILLERS.contains(&folded)
}
