# Mots des pages et des flux en français. $n est un nombre : il choisit la forme et s’écrit par groupes de trois chiffres.
# Espace insécable (U+00A0) devant : ; ! ? » et après « ; un essai le vérifie.

language-name = Français

# Mois, jours
month-01 = janvier
month-02 = février
month-03 = mars
month-04 = avril
month-05 = mai
month-06 = juin
month-07 = juillet
month-08 = août
month-09 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
moment = { $day } à { $hour } h { $minute }
decimal-separator = ,

# Types
kind-release = communiqué
kind-news = actualité
kind-tribune = tribune
kind-press-review = revue de presse
kind-page = page
kind-listing = liste

# Langues des communiqués
lang-ar = arabe
lang-bm = bambara
lang-de = allemand
lang-el = grec
lang-en = anglais
lang-es = espagnol
lang-fa = persan
lang-ff = peul
lang-fr = français
lang-ha = haoussa
lang-hi = hindi
lang-ht = créole haïtien
lang-it = italien
lang-ja = japonais
lang-km = khmer
lang-ku = kurde
lang-lo = lao
lang-mg = malgache
lang-ne = népalais
lang-nl = néerlandais
lang-pl = polonais
lang-ps = pachto
lang-pt = portugais
lang-ro = roumain
lang-ru = russe
lang-sw = swahili
lang-ta = tamoul
lang-th = thaï
lang-tr = turc
lang-uk = ukrainien
lang-vi = vietnamien
lang-wo = wolof
lang-zh = chinois

# Cadre de chaque page
skip = Aller au contenu
navigation = Navigation principale
nav-search = Recherche
nav-themes = Thèmes
nav-members = Membres
nav-feeds = Flux
languages = Langue du site
footer-about = { $site } rassemble les communiqués de presse que les associations membres publient sur leurs propres sites. Chaque communiqué indique sa source.
footer-api = API pour développeurs
footer-corrections = Corrections et retraits
feed-of-all = { $site } : tous les communiqués
feed-rights = Les textes appartiennent aux associations qui les ont publiés ; chaque entrée nomme sa source.
feed-ended = Fin du flux : { $name }
feed-ended-says = Ce flux a pris fin : « { $name } » ne fait plus partie de cette salle de presse. Cette entrée est la dernière.
feed-ended-others = Tous les flux
feed-of-theme = Communiqués sur le thème « { $theme } »
feed-of-member = Communiqués de { $member }

# Champ de recherche
search-label = Rechercher dans tous les communiqués
search-placeholder = Rechercher
search-button = Rechercher
completions = Suggestions
search-help = Tous les mots comptent. "Mots exacts" entre guillemets, -mot pour exclure, mot* pour le début d’un mot.

# Accueil
home-heading = Les communiqués de presse de toutes les associations membres, en un seul lieu
home-lead = À chercher, à suivre, à citer : directement depuis les sites des associations, chacun avec sa source.
home-description = { $site } : chercher et suivre les communiqués de presse de toutes les associations membres, en français et en anglais.
newest = Derniers communiqués
see-all = Tout voir ({ $found })
nothing-yet = Il n’y a pas encore de communiqué. Ils apparaîtront ici dès que les sites des membres auront été lus.
follow = Suivre l’actualité
follow-says = Recevez chaque nouveau communiqué dans votre lecteur de flux ou votre rédaction : tous, une association, un thème ou n’importe quelle recherche.
follow-how = Comment s’abonner

# Nombres
releases = { $n ->
    [one] { $n } communiqué
   *[other] { $n } communiqués
}
results = { $n ->
    [0] Aucun communiqué trouvé
    [one] { $n } communiqué trouvé
   *[other] { $n } communiqués trouvés
}
partial-results = { $n ->
    [one] { $n } autre contient la plupart des mots
   *[other] { $n } autres contiennent la plupart des mots
}
more-choices = { $n ->
    [one] { $n } autre
   *[other] { $n } autres
}
undated = { $n ->
    [0] Tous les communiqués ont une date.
    [one] { $n } communiqué est sans date connue.
   *[other] { $n } communiqués sont sans date connue.
}
signatories = { $n ->
    [one] { $n } signataire
   *[other] { $n } signataires
}

# Page de recherche
search-heading = Tous les communiqués
search-heading-words = Communiqués pour « { $words } »
search-heading-filters = Communiqués : { $filters }
search-description = { $found }. Filtrer par thème, membre, pays, langue et date, et suivre la recherche par un flux.
filters = Filtres
filter-theme = Thèmes
filter-member = Membres
filter-country = Pays
filter-kind = Types
filter-lang = Langues
filter-issuer = Émetteurs
filter-dates = Dates
filter-from = Du
filter-to = Au
sort = Ordre
sort-relevance = Les plus pertinents d’abord
sort-newest = Les plus récents d’abord
sort-oldest = Les plus anciens d’abord
sort-added = Les derniers ajoutés d’abord
apply = Appliquer les filtres
by-month = Par mois
by-year = Par année
year = Année
number-of-releases = Communiqués
take-away = Suivre cette recherche
take-away-how = Comment s’abonner
take-away-says = Chaque nouveau communiqué correspondant, dans votre lecteur de flux ; ou la liste en tableau.
filters-in-force = Filtres appliqués
remove = Retirer le filtre
clear = Tout retirer
chip = { $filter } : { $value }
chip-not = { $filter } : sauf { $value }
chip-from = À partir du { $day }
chip-to = Jusqu’au { $day }
also-searched = Recherché aussi :
words-alone = Seulement ces mots
chip-words-alone = Seulement les mots saisis
did-you-mean = Vouliez-vous dire :
remark-open-quote = Un guillemet n’a pas été fermé ; l’expression a été prise jusqu’à la fin.
remark-lonely-or = OR demande un mot de chaque côté.
remark-brackets = Les parenthèses ne groupent pas : OR lie plus fort qu’une espace, et - exclut un seul mot.
remark-star = « { $words } » : l’étoile ne compte qu’à la fin d’un mot.
remark-not-a-field = « { $words } » a été cherché comme des mots, car ce champ n’existe pas.
remark-not-a-value = « { $words } » a été cherché comme des mots, car le champ n’a pas cette valeur.
remark-field-in-or = « { $words } » a été cherché comme des mots : OR ne relie que les valeurs d’un même champ.
remark-too-many-words = Seuls les { $n } premiers mots ont été cherchés.
remark-wide-prefix = Trop de mots commencent par « { $words } » : les plus fréquents ont été cherchés.
nothing-found = Aucun communiqué ne correspond à cette recherche.
ways-out = En retirant un filtre, on en trouve :
way-out = sans « { $filter } »
all-filters = tous les filtres
tip-spelling = Vérifiez l’orthographe ; les accents et les majuscules n’ont pas d’importance.
tip-fewer = Employez moins de mots, ou des mots plus généraux.
tip-themes = Parcourir les thèmes
pages = Pages de résultats
page = Page
previous = Précédente
next = Suivante
undated-release = Sans date
quoted = « { $words } »

# Page d’un communiqué
undated-first-seen = Sans date ; vu pour la première fois le { $moment }
updated = Mis à jour le
machine-translated = traduction automatique
machine-translated-note = Ce texte a été traduit par une machine sur le site de l’association.
read-original = Lire l’original
contacts = Contacts presse
sources = Publié par
theme-by-words = d’après { $words }
theme-by-category = d’après la rubrique de l’association
theme-by-category-named = d’après la rubrique de l’association { $words }
theme-by-staff = attribué par l’équipe
issued-by = Émis par
authors = Par
files = Documents
lead-picture = Image
picture = Image : { $alt }
picture-credit = { " " }({ $credit })
file-kilobytes = { $type }, { $size } ko
file-megabytes = { $type }, { $size } Mo
table = Tableau { $n }
permanent = Adresse permanente
related = Communiqués proches

# Thèmes
themes-heading = Thèmes
themes-description = Tous les thèmes qui classent les communiqués, avec le nombre de communiqués de chacun.
themes-lead = Les communiqués sont classés selon les domaines d’action de l’Alliance. Chaque thème a sa page et son flux.
no-themes = Aucun thème n’est configuré.
other-themes = Autres thèmes
themes-for-machines = Le vocabulaire en données ouvertes (SKOS) :
theme-description = Communiqués de presse sur le thème « { $theme } ».
part-of = Fait partie de
search-within = Chercher parmi eux
no-release-of-theme = Pas encore de communiqué sur ce thème.
follow-theme = Suivre ce thème
narrower = Thèmes plus précis
related-themes = Thèmes liés
also-called = Aussi appelé
mappings = Dans d’autres vocabulaires

# Membres
members-heading = Membres
members-description = Les associations membres dont les communiqués sont rassemblés ici, et jusqu’où leurs sites ont été lus.
members-lead = Les associations dont les communiqués sont rassemblés ici, directement depuis leurs sites.
member-description = Tous les communiqués de presse de { $member }.
no-members = Aucun membre n’est configuré.
last-read = Dernière lecture le { $moment }.
never-read = Pas encore lu.
complete-since = Complet depuis le { $moment } : toutes les pages connues ont été lues.
not-yet-complete = Pas encore complet : le site est en cours de première lecture.
failing = Le site est actuellement injoignable ; ce qui a été lu auparavant reste ici.
failing-since = Le site est injoignable depuis le { $moment } ; ce qui a été lu auparavant reste ici.
how-complete = Est-ce complet ?
no-release-of-member = Pas encore de communiqué de ce membre.
follow-member = Suivre cette association
former-names = Anciens noms
former-name-until = { $name } (jusqu’au { $day })

# Flux
feeds-heading = Flux
feeds-description = Flux commun, flux par association et par thème, et flux de n’importe quelle recherche, en Atom, RSS et JSON Feed.
feeds-lead = Un flux est une adresse que votre lecteur interroge pour vous : chaque nouveau communiqué y apparaît de lui-même, sans compte et sans courriel.
copy = Copier
copied = Adresse copiée
feeds-of-search = Suivre une recherche : { $search }
feeds-of-search-says = Collez une de ces adresses dans votre lecteur : les prochains y arriveront d’eux-mêmes.
feeds-back-to-search = Voir la recherche
combined-feed = Tous les communiqués en un flux
combined-says = Chaque nouveau communiqué de chaque membre. Les trois formes disent la même chose ; la plupart des lecteurs acceptent n’importe laquelle.
releases-only = Communiqués de presse seuls, sans actualités ni tribunes :
open = Ouvrir
corrections-says = ce qui a été modifié ou retiré après publication
correction-edited = Modifié après publication.
correction-withdrawn = Retiré par l’association qui l’avait publié.
correction-merged = Réuni avec le même communiqué publié ailleurs.
opml-says = la liste de tous les flux, à importer en une fois
subscribe = Comment s’abonner
subscribe-copy = Copiez l’adresse d’un flux de cette page.
subscribe-paste = Dans votre lecteur (Thunderbird, Feedly, NetNewsWire, Inoreader, Outlook et bien d’autres), choisissez « Ajouter un flux » et collez l’adresse.
subscribe-done = Les nouveaux communiqués arrivent désormais d’eux-mêmes.
any-search = Toute recherche peut aussi être suivie : cherchez, puis choisissez « Suivre cette recherche ».
feeds-by-member = Par association
feeds-by-theme = Par thème

# Erreurs
not-found = Page introuvable
not-found-says = Il n’y a rien à cette adresse. Elle comporte peut-être une faute de frappe.
gone = Plus publié
gone-says = Ce communiqué a été retiré le { $day }.
bad-request = Cette recherche ne peut aboutir
bad-request-says = Une partie de l’adresse n’a pas été comprise :
refused-words = n’a pas pu être lu : texte trop long ou caractères illisibles.
refused-value = n’a pas cette valeur. Les valeurs possibles se choisissent dans les filtres de la recherche.
refused-day = doit être un jour, un mois ou une année : 2026-03-02, 2026-03 ou 2026.
refused-sort = peut être relevance, -date, date ou -added.
refused-number = doit être un nombre : au plus 100 pour limit, 10 000 pour offset.
refused-cursor = n’est pas la suite de cette recherche.
refused-other = n’a pas cette valeur.
refused-unknown = n’est pas un paramètre de cette page.
rebuilding = Un instant, s’il vous plaît
rebuilding-says = L’index de recherche est en cours de reconstruction. Réessayez dans quelques secondes.
broken = Une erreur est survenue
broken-says = La faute est de notre côté et a été notée. Veuillez réessayer plus tard.
back-home = Retour à l’accueil

# OpenSearch
opensearch-description = Communiqués de presse des associations membres, sur { $site }

# Pages de l’équipe
staff = Équipe
staff-overview = Vue d’ensemble
staff-lead = Ce qui mérite un regard, et comment se portent les sites des membres.
staff-to-look-at = À vérifier
staff-list = Liste
staff-untagged = Sans thème
staff-weak = Thème peu sûr
staff-conflicts = Rubrique et texte en désaccord
staff-undated = Sans date
staff-missing = Pages écartées
staff-words = Décisions de l’équipe
staff-failing = Sources en échec
staff-nothing = Rien à signaler.
staff-no-theme = Aucun thème.
staff-day = Date
staff-title = Titre
staff-theme = Thème
staff-by-category = Selon la rubrique
staff-by-words = Selon le texte
staff-reason = Raison
staff-address = Adresse
staff-at = Quand
staff-since = Depuis
staff-member = Membre
staff-kind = Genre
staff-error = Erreur
staff-last-read = Dernière lecture
staff-complete = Complet depuis
staff-release = Communiqué
staff-said = Décision
staff-who = Par
staff-undone = annulé
staff-why = Pourquoi
staff-add = Ajouter le thème
staff-remove = Retirer
staff-undo = Annuler
staff-visible = Visibilité
staff-hide = Masquer partout
staff-unhide = Montrer de nouveau
staff-is-hidden = Ce communiqué est masqué : aucun lecteur ne le voit.
staff-said-add = Thème « { $theme } » ajouté
staff-said-remove = Thème « { $theme } » retiré
staff-said-hide = Masqué
