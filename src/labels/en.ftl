# Words of pages and feeds in English. $n is a count; it chooses the form and is written with groups of three digits.

language-name = English

# Months, days
month-01 = January
month-02 = February
month-03 = March
month-04 = April
month-05 = May
month-06 = June
month-07 = July
month-08 = August
month-09 = September
month-10 = October
month-11 = November
month-12 = December
moment = { $day } at { $hour }:{ $minute }
decimal-separator = .

# Kinds
kind-release = press release
kind-news = news
kind-tribune = opinion
kind-press-review = press review
kind-page = page
kind-listing = list

# Languages of releases
lang-ar = Arabic
lang-bm = Bambara
lang-de = German
lang-el = Greek
lang-en = English
lang-es = Spanish
lang-fa = Persian
lang-ff = Fula
lang-fr = French
lang-ha = Hausa
lang-hi = Hindi
lang-ht = Haitian Creole
lang-it = Italian
lang-ja = Japanese
lang-km = Khmer
lang-ku = Kurdish
lang-lo = Lao
lang-mg = Malagasy
lang-ne = Nepali
lang-nl = Dutch
lang-pl = Polish
lang-ps = Pashto
lang-pt = Portuguese
lang-ro = Romanian
lang-ru = Russian
lang-sw = Swahili
lang-ta = Tamil
lang-th = Thai
lang-tr = Turkish
lang-uk = Ukrainian
lang-vi = Vietnamese
lang-wo = Wolof
lang-zh = Chinese

# Frame of every page
skip = Skip to content
navigation = Main navigation
nav-search = Search
nav-themes = Themes
nav-members = Members
nav-feeds = Feeds
languages = Language of this site
footer-about = { $site } brings together the press releases that the member associations publish on their own sites. Each release names its source.
footer-api = API for developers
footer-corrections = Corrections and withdrawals
feed-of-all = { $site }: all releases
feed-rights = The texts belong to the associations that published them; each entry names its source.
feed-ended = End of the feed: { $name }
feed-ended-says = This feed has ended: “{ $name }” is no longer part of this newsroom. This entry is the last one.
feed-ended-others = All feeds
feed-of-theme = Releases on { $theme }
feed-of-member = Releases of { $member }

# Search box
search-label = Search all releases
search-placeholder = Search
search-button = Search
completions = Suggestions
search-help = All words count. "Exact words" in quotation marks, -word to leave out, word* for the start of a word.

# Home
home-heading = The press releases of all member associations, in one place
home-lead = To search, to follow, to quote: straight from the sites of the associations, each with its source.
home-description = { $site }: search and follow the press releases of all member associations, in French and English.
newest = Latest releases
see-all = See all { $found }
nothing-yet = There are no releases yet. They appear here as soon as the sites of the members have been read.
follow = Follow the news
follow-says = Receive every new release in your news reader or your newsroom: all of them, one association, one theme, or any search.
follow-how = How to subscribe

# Counts
releases = { $n ->
    [one] { $n } release
   *[other] { $n } releases
}
results = { $n ->
    [0] No release found
    [one] { $n } release found
   *[other] { $n } releases found
}
partial-results = { $n ->
    [one] { $n } more matches most of the words
   *[other] { $n } more match most of the words
}
more-choices = { $n ->
    [one] { $n } more
   *[other] { $n } more
}
undated = { $n ->
    [0] Every release has a date.
    [one] { $n } release has no known date.
   *[other] { $n } releases have no known date.
}
signatories = { $n ->
    [one] { $n } signatory
   *[other] { $n } signatories
}

# Search page
search-heading = All releases
search-heading-words = Releases for “{ $words }”
search-heading-filters = Releases: { $filters }
search-description = { $found }. Filter by theme, member, country, language and date, and follow the search as a feed.
filters = Filters
filter-theme = Themes
filter-member = Members
filter-country = Countries
filter-kind = Kinds
filter-lang = Languages
filter-issuer = Issuers
filter-dates = Dates
filter-from = From
filter-to = To
sort = Order
sort-relevance = Best match first
sort-newest = Newest first
sort-oldest = Oldest first
sort-added = Last added first
apply = Apply filters
by-month = By month
by-year = By year
year = Year
number-of-releases = Releases
take-away = Follow this search
take-away-how = How to subscribe
take-away-says = Every new release that matches, in your news reader; or the list as a table.
filters-in-force = Filters in force
remove = Remove filter
clear = Remove all
chip = { $filter }: { $value }
chip-not = { $filter }: not { $value }
chip-from = From { $day }
chip-to = Until { $day }
also-searched = Also searched:
words-alone = Only these words
chip-words-alone = Only the words as typed
did-you-mean = Did you mean:
remark-open-quote = A quotation mark was not closed; the phrase was taken to go to the end.
remark-lonely-or = OR needs a word on both sides.
remark-brackets = Brackets do not group: OR binds closer than a space, and - excludes one word.
remark-star = “{ $words }”: a star counts only at the end of a word.
remark-not-a-field = “{ $words }” was searched as words, since there is no such field.
remark-not-a-value = “{ $words }” was searched as words, since the field has no such value.
remark-field-in-or = “{ $words }” was searched as words: OR joins only values of one field.
remark-too-many-words = Only the first { $n } words were searched.
remark-wide-prefix = Too many words begin with “{ $words }”: the most frequent ones were searched.
nothing-found = No release matches this search.
ways-out = Without one of the filters there are some:
way-out = without “{ $filter }”
all-filters = all filters
tip-spelling = Check the spelling; accents and capitals do not matter.
tip-fewer = Use fewer words, or more general ones.
tip-themes = Browse by theme
pages = Pages of results
page = Page
previous = Previous
next = Next
undated-release = No date
quoted = “{ $words }”

# Release page
undated-first-seen = No date; first seen on { $moment }
updated = Updated on
machine-translated = machine translation
machine-translated-note = This text was translated by a machine on the site of the association.
read-original = Read the original
contacts = Press contacts
sources = Published by
theme-by-words = because of { $words }
theme-by-category = by the association’s own heading
theme-by-category-named = by the association’s own heading { $words }
theme-by-staff = assigned by the staff
issued-by = Issued by
authors = By
files = Documents
lead-picture = Picture
picture = Picture: { $alt }
picture-credit = { " " }({ $credit })
file-kilobytes = { $type }, { $size } kB
file-megabytes = { $type }, { $size } MB
table = Table { $n }
permanent = Permanent address
related = Related releases

# Themes
themes-heading = Themes
themes-description = All themes by which the releases are classified, with the number of releases of each.
themes-lead = The releases are classified by the areas in which the Alliance works. Each theme has its page and its feed.
no-themes = No themes are configured.
other-themes = Further themes
themes-for-machines = The vocabulary as open data (SKOS):
theme-description = Press releases on { $theme }.
part-of = Part of
search-within = Search within these
no-release-of-theme = No release on this theme yet.
follow-theme = Follow this theme
narrower = Narrower themes
related-themes = Related themes
also-called = Also called
mappings = In other vocabularies

# Members
members-heading = Members
members-description = The member associations whose press releases are brought together here, and how completely they have been read.
members-lead = The associations whose releases are brought together here, straight from their own sites.
member-description = All press releases of { $member }.
no-members = No members are configured.
last-read = Last read on { $moment }.
never-read = Not read yet.
complete-since = Complete since { $moment }: every page known has been read.
not-yet-complete = Not complete yet: the site is being read for the first time.
failing = The site cannot be reached at present; what was read before remains here.
failing-since = The site has not been reachable since { $moment }; what was read before remains here.
how-complete = How complete is this?
no-release-of-member = No release of this member yet.
follow-member = Follow this association
former-names = Former names
former-name-until = { $name } (until { $day })

# Feeds
feeds-heading = Feeds
feeds-description = Combined feeds, feeds by association and theme, and a feed of any search, as Atom, RSS and JSON Feed.
feeds-lead = A feed is an address that a news reader asks for you: each new release appears there by itself, without an account and without e-mail.
copy = Copy
copied = Address copied
feeds-of-search = Follow a search: { $search }
feeds-of-search-says = Paste one of these addresses into your reader: the next ones will arrive by themselves.
feeds-back-to-search = See the search
combined-feed = All releases in one feed
combined-says = Every new release of every member. All three forms say the same; most readers take any of them.
releases-only = Press releases only, without news and opinions:
open = Open
corrections-says = what was changed or withdrawn after publication
correction-edited = Changed after publication.
correction-withdrawn = Withdrawn by the association that had published it.
correction-merged = Joined with the same release published elsewhere.
opml-says = the list of all feeds, to import in one step
subscribe = How to subscribe
subscribe-copy = Copy the address of a feed from this page.
subscribe-paste = In your reader (Thunderbird, Feedly, NetNewsWire, Inoreader, Outlook and many more), choose “Add feed” and paste the address.
subscribe-done = New releases now arrive by themselves.
any-search = Any search can be followed, too: search, then choose “Follow this search”.
feeds-by-member = By association
feeds-by-theme = By theme

# Errors
not-found = Page not found
not-found-says = There is nothing at this address. It may have been mistyped.
gone = No longer published
gone-says = This release was withdrawn on { $day }.
bad-request = This search cannot be answered
bad-request-says = Something in the address was not understood:
refused-words = could not be read: the text is too long, or has unreadable characters.
refused-value = has no such value. The filters of the search offer those there are.
refused-day = must be a day, a month or a year: 2026-03-02, 2026-03 or 2026.
refused-sort = can be relevance, -date, date or -added.
refused-number = must be a number: at most 100 for limit, 10,000 for offset.
refused-cursor = is not the continuation of this search.
refused-other = has no such value.
refused-unknown = is not a parameter of this page.
rebuilding = One moment, please
rebuilding-says = The search index is being rebuilt. Try again in a few seconds.
broken = Something went wrong
broken-says = The fault is ours and has been noted. Please try again later.
back-home = Back to the home page

# OpenSearch
opensearch-description = Press releases of the member associations, on { $site }

# Pages of the staff
staff = Staff
staff-overview = Overview
staff-lead = What deserves a look, and how the members’ sites stand.
staff-to-look-at = To look at
staff-list = List
staff-untagged = Without a theme
staff-weak = Unsure theme
staff-conflicts = Category and text disagree
staff-undated = Undated
staff-missing = Pages kept out
staff-words = Decisions of the staff
staff-failing = Failing sources
staff-nothing = Nothing to report.
staff-no-theme = No theme.
staff-day = Date
staff-title = Title
staff-theme = Theme
staff-by-category = By category
staff-by-words = By the text
staff-reason = Reason
staff-address = Address
staff-at = When
staff-since = Since
staff-member = Member
staff-kind = Kind
staff-error = Error
staff-last-read = Last read
staff-complete = Complete since
staff-release = Release
staff-said = Decision
staff-who = By
staff-undone = undone
staff-why = Why
staff-add = Add the theme
staff-remove = Remove
staff-undo = Undo
staff-visible = Visibility
staff-hide = Hide everywhere
staff-unhide = Show again
staff-is-hidden = This release is hidden: no reader sees it.
staff-said-add = Theme “{ $theme }” added
staff-said-remove = Theme “{ $theme }” removed
staff-said-hide = Hidden
