"""Releases of an association that does not exist, in French and English, with all that is true about them.

`truth(seed)` returns the same records for the same seed. A record says what is put into the site (title, paragraphs,
dates, categories, state) and therefore what a reader of the site must find, or must never see.
"""

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

# (French, English) for each slot of the sentences below
PLACES = [
    ("Dakar", "Dakar"), ("Ouagadougou", "Ouagadougou"), ("Lomé", "Lomé"), ("Cotonou", "Cotonou"), ("Phnom Penh", "Phnom Penh"),
    ("Tananarive", "Antananarivo"), ("Beyrouth", "Beirut"), ("Port-au-Prince", "Port-au-Prince"), ("Niamey", "Niamey"),
    ("Marseille", "Marseille"), ("Roubaix", "Roubaix"), ("Saint-Denis", "Saint-Denis"), ("Katmandou", "Kathmandu"),
    ("Le Caire", "Cairo"), ("Quito", "Quito"), ("Bamako", "Bamako"), ("Conakry", "Conakry"), ("Tunis", "Tunis"),
]
THEMES = [
    ("l’alphabétisation des adultes", "adult literacy"), ("la scolarisation des filles", "girls’ schooling"),
    ("la petite enfance", "early childhood"), ("la formation des enseignants", "teacher training"),
    ("l’éducation inclusive", "inclusive education"), ("l’accueil des réfugiés", "the reception of refugees"),
    ("la lutte contre le décrochage", "the fight against dropping out"), ("l’accès au numérique", "access to digital tools"),
    ("la santé à l’école", "health at school"), ("la citoyenneté des jeunes", "youth citizenship"),
    ("le climat et l’école", "climate and school"), ("la laïcité", "secularism"), ("les droits de l’enfant", "children’s rights"),
]
PARTNERS = [
    ("le ministère de l’Éducation", "the Ministry of Education"), ("la fédération des parents", "the federation of parents"),
    ("la mairie", "the city council"), ("le réseau des bibliothèques", "the network of libraries"),
    ("l’université voisine", "the nearby university"), ("la coopérative des femmes", "the women’s cooperative"),
    ("le syndicat enseignant", "the teachers’ union"), ("la radio communautaire", "the community radio"),
    ("une fondation familiale", "a family foundation"), ("le conseil régional", "the regional council"),
]
PEOPLE = [
    ("Awa Ndiaye", "directrice des programmes", "head of programmes"), ("Julien Carpentier", "délégué général", "general delegate"),
    ("Sokha Chan", "coordinatrice nationale", "national coordinator"), ("Mireille Rakoto", "cheffe de projet", "project manager"),
    ("Hugo Lemaire", "trésorier", "treasurer"), ("Fatou Sow", "présidente", "president"), ("Karim Haddad", "formateur", "trainer"),
    ("Inès Delorme", "chargée de plaidoyer", "advocacy officer"),
]
MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONTHS_EN = "January February March April May June July August September October November December".split()

TITLES = [
    ("{n} écoles de {place} s’engagent pour {theme}", "{n} schools in {place} take a stand for {theme}"),
    ("À {place}, {theme} avance avec {partner}", "In {place}, {theme} moves forward with {partner}"),
    ("{theme} : notre rapport {year} appelle à agir", "{theme}: our {year} report calls for action"),
    ("Urgence à {place} : {n} enfants hors de l’école", "Emergency in {place}: {n} children out of school"),
    ("{place} : un nouveau centre pour {theme}", "{place}: a new centre for {theme}"),
    ("Appel commun avec {partner} sur {theme}", "Joint call with {partner} on {theme}"),
    ("Journée internationale : {theme} vue de {place}", "International day: {theme} seen from {place}"),
    ("{n} bénévoles réunis à {place} autour de {theme}", "{n} volunteers meet in {place} around {theme}"),
]

SENTENCES = [
    ("Depuis {year}, notre équipe de {place} accompagne {n} familles qui n’avaient jamais franchi la porte d’une classe.",
     "Since {year}, our team in {place} has supported {n} families who had never crossed the door of a classroom."),
    ("Avec {partner}, nous ouvrons {m} salles équipées, dont la moitié dans des villages sans route praticable en saison des pluies.",
     "With {partner}, we are opening {m} equipped rooms, half of them in villages without a passable road in the rainy season."),
    ("« Nous ne demandons pas la charité, nous demandons que la loi votée soit appliquée », rappelle {person}, {role}.",
     "“We are not asking for charity, we are asking that the law as passed be applied,” says {person}, {role}."),
    ("Les chiffres publiés au printemps montrent une hausse de {p} % des inscriptions, mais aussi {n} abandons en cours d’année.",
     "The figures published in spring show a rise of {p}% in enrolment, but also {n} dropouts during the year."),
    ("Le budget du projet, {m} 000 euros sur trois ans, sera audité par un cabinet indépendant puis mis en ligne.",
     "The budget of the project, {m},000 euros over three years, will be audited by an independent firm and put online."),
    ("À {place}, la cantine financée par {partner} sert désormais {n} repas chauds chaque jour de classe.",
     "In {place}, the canteen funded by {partner} now serves {n} hot meals every school day."),
    ("Cette étape prolonge le travail engagé sur {theme} au cours des {m} derniers mois.",
     "This step extends the work begun on {theme} over the past {m} months."),
    ("Les enseignants recevront {m} journées de formation, puis un suivi à distance par petits groupes.",
     "Teachers will receive {m} days of training, followed by remote support in small groups."),
    ("Sur le terrain, {person} coordonne {m} relais locaux qui visitent les foyers le soir, après les récoltes.",
     "On the ground, {person} coordinates {m} local relays who visit homes in the evening, after the harvest."),
    ("La convention signée avec {partner} garantit la gratuité des fournitures jusqu’à la fin du cycle primaire.",
     "The agreement signed with {partner} guarantees free supplies until the end of primary school."),
    ("Près de {n} lettres d’élèves ont été remises aux parlementaires lors d’une rencontre publique.",
     "Nearly {n} letters from pupils were handed to members of parliament at a public meeting."),
    ("Une exposition de {m} photographies circulera dans les médiathèques jusqu’à l’automne.",
     "An exhibition of {m} photographs will tour libraries until the autumn."),
    ("Le diagnostic mené dans {m} communes confirme que {theme} reste le parent pauvre des budgets publics.",
     "The survey carried out in {m} municipalities confirms that {theme} remains the poor relation of public budgets."),
    ("Nous demandons un fonds d’urgence, un calendrier et un comité de suivi où siègent les jeunes eux-mêmes.",
     "We ask for an emergency fund, a timetable and a monitoring committee in which young people themselves sit."),
    ("Trois obstacles reviennent dans les entretiens : la distance, le coût caché des uniformes et le travail saisonnier.",
     "Three obstacles recur in the interviews: distance, the hidden cost of uniforms and seasonal work."),
    ("À mi-parcours, {p} % des participantes lisent un texte court, contre une sur dix au départ.",
     "Halfway through, {p}% of the participants can read a short text, against one in ten at the start."),
    ("Le conseil d’administration a voté une enveloppe de {m} bourses pour les lycéennes de {place}.",
     "The board has voted {m} scholarships for secondary school girls in {place}."),
    ("Selon {person}, {role}, la rentrée s’annonce tendue dans les quartiers où {partner} a fermé des classes.",
     "According to {person}, {role}, the new school year looks tense in districts where {partner} has closed classes."),
    ("Un numéro vert, ouvert {m} heures par semaine, oriente les parents vers la structure la plus proche.",
     "A freephone number, open {m} hours a week, directs parents to the nearest facility."),
    ("Les bibliobus parcourront {n} kilomètres et feront halte devant les écoles sans bibliothèque.",
     "The mobile libraries will travel {n} kilometres and stop outside schools without a library."),
    ("Plusieurs communes voisines de {place} souhaitent rejoindre la démarche dès la prochaine rentrée.",
     "Several municipalities near {place} wish to join the scheme from the next school year."),
    ("La vidéo tournée par les élèves a été vue {n} fois et sous-titrée en {m} langues.",
     "The film made by the pupils has been viewed {n} times and subtitled in {m} languages."),
    ("Les inondations ont détruit {m} bâtiments ; des tentes ont été montées en quatre jours par {partner}.",
     "The floods destroyed {m} buildings; tents were put up within four days by {partner}."),
    ("Rien de cela n’aurait tenu sans les {n} donatrices et donateurs réguliers qui nous font confiance.",
     "None of this would have held without the {n} regular donors who trust us."),
    ("Une conférence de presse se tiendra à {place} en présence de {person}, {role}.",
     "A press conference will be held in {place} in the presence of {person}, {role}."),
    ("Le texte complet du rapport, ses annexes et les données sont publiés sous licence libre.",
     "The full text of the report, its annexes and the data are published under a free licence."),
    ("Nos équipes rappellent que {theme} ne se décrète pas : il faut des postes, des locaux et du temps.",
     "Our teams recall that {theme} cannot be decreed: it takes posts, premises and time."),
    ("En {year}, une première expérience avait réuni {m} classes et {partner} autour du même objectif.",
     "In {year}, a first trial had brought together {m} classes and {partner} around the same goal."),
    ("Le transport scolaire couvre maintenant {m} lignes, dont deux réservées aux élèves en fauteuil.",
     "School transport now covers {m} lines, two of them reserved for pupils in wheelchairs."),
    ("Chaque centre disposera d’un jardin, d’un point d’eau et de {m} ordinateurs reconditionnés.",
     "Each centre will have a garden, a water point and {m} refurbished computers."),
    ("La marche du {d} rassemblera élèves, parents et artistes sur l’avenue principale de {place}.",
     "The march on {d} will bring together pupils, parents and artists on the main avenue of {place}."),
    ("Les médiatrices parlent {m} langues et traduisent chaque réunion, y compris en langue des signes.",
     "The mediators speak {m} languages and translate every meeting, sign language included."),
]

CATEGORIES = {
    "fr": ["Communiqués de presse", "Actualités", "Tribunes"],
    "en": ["Press releases", "News", "Opinion"],
}


def _slots(rng, language):
    side = 0 if language == "fr" else 1
    day, month = rng.randint(1, 28), rng.randint(0, 11)
    person = rng.choice(PEOPLE)
    return {
        "place": rng.choice(PLACES)[side],
        "theme": rng.choice(THEMES)[side],
        "partner": rng.choice(PARTNERS)[side],
        "person": person[0],
        "role": person[1 + side],
        "n": str(rng.randint(110, 990)),
        "m": str(rng.randint(12, 96)),
        "p": str(rng.randint(11, 89)),
        "year": str(rng.randint(2012, 2024)),
        "d": f"{day} {MONTHS_FR[month]}" if language == "fr" else f"{day} {MONTHS_EN[month]}",
    }


def _text(seed, language):
    """Title and paragraphs. The same seed gives the same facts in both languages, so the two are translations."""
    rng = random.Random(seed)
    side = 0 if language == "fr" else 1
    title = rng.choice(TITLES)[side].format(**_slots(rng, language))
    sentences = [pair[side].format(**_slots(rng, language)) for pair in rng.sample(SENTENCES, rng.randint(10, 18))]
    paragraphs = []
    while sentences:
        take = rng.randint(2, 4)
        paragraphs.append(" ".join(sentences[:take]))
        sentences = sentences[take:]
    return title[0].upper() + title[1:], paragraphs


def _instant(rng, number, count):
    """Spread over six years; some just before and after midnight in Paris, to catch a zone read wrongly."""
    start = datetime(2019, 1, 7, 9, 0, tzinfo=PARIS)
    at = start + timedelta(days=int(number * 2180 / count), minutes=rng.randint(0, 500))
    if number % 10 == 0:
        at = at.replace(hour=23, minute=40)
    if number % 10 == 5:
        at = at.replace(hour=0, minute=20)
    return at


def truth(seed=2026, count=300, hidden=8):
    """All records. `state` is a WordPress status, or `protected`, `trash`, `noindex`; `kind` is `post`, `page` or `attachment`."""
    records = []
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        # the English ones stand between the French; two thirds of them translate the French one before
        language = "en" if number % 10 in (3, 6, 9) else "fr"
        translates = language == "en" and number % 10 != 9
        source = number - 1 if translates else number
        title, paragraphs = _text(f"{seed}/{source}", language)
        at = _instant(rng, source, count) + (timedelta(days=1) if translates else timedelta())
        edited = at + timedelta(days=rng.randint(1, 90)) if number % 12 == 0 else at
        records.append({
            "key": f"post-{number}", "kind": "post", "state": "publish", "lang": language, "title": title,
            "paragraphs": paragraphs, "published": at.isoformat(), "modified": edited.isoformat(),
            "category": CATEGORIES[language][0 if number % 4 else 1 + number % 8 // 4], "pair": f"pair-{source}" if language == "en" or number % 10 in (2, 5) else None,
            "image": number % 7 == 0, "list": number % 5 == 0,
        })
    records += _hidden(seed, hidden)
    records += _pages(seed)
    return records


def _hidden(seed, each):
    """What no reader may be shown. Every one carries a word that stands nowhere else."""
    out = []
    for state in ("draft", "pending", "private", "future", "protected", "trash", "noindex"):
        for number in range(each):
            title, paragraphs = _text(f"{seed}/{state}/{number}", "fr")
            word = f"zz{state}{number}zz"
            at = datetime(2023, 3, 1 + number, 10, 0, tzinfo=PARIS)
            if state == "future":
                at = at.replace(year=2094)
            out.append({
                "key": f"{state}-{number}", "kind": "post", "state": state, "lang": "fr", "title": f"{title} {word}",
                "paragraphs": [paragraphs[0], f"Le mot {word} ne doit être lu par personne."], "published": at.isoformat(),
                "modified": at.isoformat(), "category": CATEGORIES["fr"][0], "pair": None, "image": False, "list": False,
                "word": word,
            })
    return out


def _pages(seed):
    """Pages that are no news."""
    at = datetime(2018, 5, 2, 9, 0, tzinfo=PARIS).isoformat()
    names = ["Qui sommes-nous", "Nos missions", "Mentions légales", "Nous contacter", "Faire un don", "Rejoindre l’équipe"]
    return [
        {"key": f"page-{number}", "kind": "page", "state": "publish", "lang": "fr", "title": name,
         "paragraphs": _text(f"{seed}/page/{number}", "fr")[1][:2], "published": at, "modified": at, "category": None,
         "pair": None, "image": False, "list": False}
        for number, name in enumerate(names)
    ]


def utc(text):
    """The instant of an ISO text, in UTC."""
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def local_day(text):
    """The day in Paris of an ISO text."""
    return datetime.fromisoformat(text).astimezone(PARIS).date().isoformat()
