"""Sites as other systems print them, each with its own markup, paging and way of saying the day.

A system is one class below [`Site`]: where its posts stand (`path`), how one looks (`post`), and what else answers (`other`).
No system is named anywhere in the program; what it reads here it must read by kind.
"""

import html
import json
import re
import unicodedata
from datetime import datetime

from wordpress.releases import truth

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
POSTS = 60
esc = html.escape


def written(at):
    return f"{'1er' if at.day == 1 else at.day} {MONTHS[at.month - 1]} {at.year}"


def slug(text):
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def paragraphs(post):
    return "".join(f"<p>{esc(text)}</p>" for text in post["paragraphs"])


def window(items, first, count):
    return items[first:first + count]


class Site:
    """Posts, newest first, and what answers at each address. `base` is set when it listens."""

    base = ""

    def __init__(self):
        records = truth(seed=99, count=110, hidden=0)
        self.posts = [record for record in records if record["kind"] == "post" and record["lang"] == "fr"][:POSTS]
        self.posts.reverse()
        for number, post in enumerate(self.posts):
            post["id"] = 10 + len(self.posts) - number
            post["slug"] = f"{slug(post['title'])}-{post['id']}"
            post["at"] = datetime.fromisoformat(post["published"])
            post["path"] = self.path(post)
        self.by_path = {post["path"]: post for post in self.posts}

    def answer(self, path, query):
        """Media type and body, or None where nothing is."""
        if path in self.by_path and not query:
            return "text/html; charset=utf-8", self.post(self.by_path[path])
        found = self.other(path, query)
        return ("text/html; charset=utf-8", found) if isinstance(found, str) else found

    def links(self, posts):
        return "".join(f'<li><a href="{post["path"]}">{esc(post["title"])}</a></li>' for post in posts)


class Drupal(Site):
    """Teasers with a day, `?page=N` from 0, the author named in one line with the day, terms with lists of their own."""

    def path(self, post):
        return f"/actualites/{post['slug']}"

    def frame(self, title, main):
        return f"""<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="Generator" content="Drupal 10"><title>{esc(title)} | Réseau Horizon</title></head>
<body class="path-node"><a href="#main-content" class="visually-hidden skip-link">Aller au contenu principal</a><header role="banner"><nav class="menu--main"><ul>
<li><a href="/">Accueil</a></li><li><a href="/qui-sommes-nous">Qui sommes-nous</a></li><li><a href="/actualites">Actualités</a></li></ul></nav></header>
<main role="main"><a id="main-content"></a>{main}<aside class="layout-sidebar-second"><h2>Dernières actualités</h2><ul>{self.links(self.posts[:4])}</ul></aside></main>
<footer role="contentinfo"><p>Réseau Horizon, 12 rue des Lilas, 75011 Paris. © 2026</p></footer></body></html>"""

    def post(self, post):
        at = post["at"]
        return self.frame(post["title"], f"""<h1 class="page-title"><span class="field--name-title">{esc(post['title'])}</span></h1><article class="node node--type-actualite">
<footer class="node__meta"><div class="node__submitted">Soumis par <span>admin</span> le <span>{DAYS[at.weekday()][:3]}, {at:%d/%m/%Y - %H:%M}</span></div></footer>
<div class="node__content"><div class="text-formatted field--name-body">{paragraphs(post)}</div><div class="field--name-field-tags"><div class="field__label">Étiquettes</div>
<a href="/taxonomy/term/{post['id'] % 5}">Éducation {post['id'] % 5}</a></div></div></article>""")

    def teaser(self, post):
        return f"""<div class="views-row"><article class="node--view-mode-teaser"><h2><a href="{post['path']}"><span>{esc(post['title'])}</span></a></h2><div>{post['at']:%d/%m/%Y}</div>
<p>{esc(post['paragraphs'][0][:150])}…</p><ul class="links inline"><li><a href="{post['path']}">Lire la suite<span class="visually-hidden"> de {esc(post['title'])}</span></a></li></ul></article></div>"""

    def other(self, path, query):
        term = re.fullmatch(r"/taxonomy/term/(\d)", path)
        page = int(query.get("page", "0"))
        if path == "/":
            return self.frame("Accueil", "<h1>Réseau Horizon</h1>" + "".join(map(self.teaser, self.posts[:3])))
        if path == "/qui-sommes-nous":
            return self.frame("Qui sommes-nous", "<h1>Qui sommes-nous</h1><p>Le réseau réunit trente associations depuis 1987, pour le droit à l’éducation.</p>")
        if path != "/actualites" and not term:
            return None
        items = [post for post in self.posts if not term or post["id"] % 5 == int(term[1])]
        pages = range((len(items) + 9) // 10)
        pager = "".join(f'<li class="pager__item"><a href="?page={number}">{number + 1}</a></li>' for number in pages)
        rows = "".join(map(self.teaser, window(items, page * 10, 10))) or "<p>Aucun contenu.</p>"
        return self.frame("Actualités", f'<h1>Actualités</h1><div class="view">{rows}</div><nav class="pager"><ul>{pager}</ul></nav>')


class Joomla(Site):
    """A table of titles and days, `?start=N`, details in a definition list, “Super User” as author."""

    def path(self, post):
        return f"/index.php/presse/communiques/{post['id']}-{post['slug']}"

    def frame(self, title, main):
        return f"""<!DOCTYPE html><html lang="fr-fr"><head><meta charset="utf-8"><meta name="generator" content="Joomla! - Open Source Content Management"><title>{esc(title)}</title></head>
<body class="site com_content"><ul class="mod-menu"><li><a href="/index.php">Accueil</a></li><li><a href="/index.php/presse/communiques">Communiqués</a></li></ul><main>{main}</main>
<div class="moduletable"><h3>Articles les plus lus</h3><ul class="mostread">{self.links(self.posts[5:9])}</ul></div></body></html>"""

    def post(self, post):
        return self.frame(post["title"], f"""<div class="com-content-article item-page"><div class="page-header"><h2>{esc(post['title'])}</h2></div><dl class="article-info text-muted">
<dd class="createdby">Écrit par : <span>Super User</span></dd><dd class="published"><time datetime="{post['at'].isoformat()}">Publication : {written(post['at'])}</time></dd>
<dd class="hits">Affichages : {post['id'] * 7}</dd></dl><div class="com-content-article__body">{paragraphs(post)}</div></div>""")

    def other(self, path, query):
        if path in ("/", "/index.php"):
            return self.frame("Accueil", f'<h1>Accueil</h1><ul>{self.links(self.posts[:3])}</ul>')
        if path != "/index.php/presse/communiques":
            return None
        rows = "".join(f'<tr><th class="list-title"><a href="{post["path"]}">{esc(post["title"])}</a></th><td class="list-date small">{written(post["at"])}</td></tr>'
                       for post in window(self.posts, int(query.get("start", "0")), 10))
        pager = "".join(f'<li><a class="page-link" href="{path}?start={start}">{start // 10 + 1}</a></li>' for start in range(0, len(self.posts), 10))
        return self.frame("Communiqués", f'<h1>Communiqués</h1><table class="category">{rows}</table><ul class="pagination">{pager}</ul>')


class Typo3(Site):
    """A sitemap index without days, the lead in a field of its own, days as 03.02.2025, `/page-2`."""

    def path(self, post):
        return f"/presse/detail/{post['slug']}"

    def frame(self, title, main):
        return f"""<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{esc(title)} – Horizon e.V.</title><meta name="generator" content="TYPO3 CMS"></head><body>
<header><nav><a href="/">Accueil</a> <a href="/presse">Presse</a></nav></header><div id="content">{main}</div>
<div class="cookie-banner"><p>Nous utilisons des cookies pour améliorer votre expérience.</p><button>Accepter</button></div></body></html>"""

    def post(self, post):
        other = self.posts[0]
        return self.frame(post["title"], f"""<div class="news news-single"><div class="article"><h1>{esc(post['title'])}</h1><p><time datetime="{post['at']:%Y-%m-%d}">{post['at']:%d.%m.%Y}</time></p>
<div class="teaser-text"><p>{esc(post['paragraphs'][0])}</p></div><div class="news-text-wrap">{''.join(f'<p>{esc(text)}</p>' for text in post['paragraphs'][1:])}</div>
<div class="news-related"><h4>À lire aussi</h4><ul><li><span>{other['at']:%d.%m.%Y}</span> <a href="{other['path']}">{esc(other['title'])}</a></li></ul></div></div></div>""")

    def other(self, path, query):
        page = re.fullmatch(r"/presse(?:/page-(\d+))?", path)
        if path == "/":
            return self.frame("Accueil", "<h1>Horizon</h1><p>Texte d’accueil.</p>")
        if path == "/sitemap.xml" and not query:
            maps = "".join(f"<sitemap><loc>{self.base}/sitemap.xml?sitemap={name}</loc></sitemap>" for name in ("pages", "news"))
            return "application/xml", f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
        if path == "/sitemap.xml":
            paths = ["/", "/presse"] if query["sitemap"] == "pages" else [post["path"] for post in self.posts]
            urls = "".join(f"<url><loc>{self.base}{path}</loc></url>" for path in paths)
            return "application/xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        number = int(page[1] or 1) if page else 0
        items = window(self.posts, (number - 1) * 8, 8) if page else []
        if not items:
            return None
        cards = "".join(f'<div class="article"><h3><a href="{post["path"]}">{esc(post["title"])}</a></h3><p>{post["at"]:%d.%m.%Y}</p></div>' for post in items)
        return self.frame("Presse", f'<h1>Presse</h1><div class="news-list-view">{cards}</div><a href="/presse/page-{number + 1}">suivant</a>')


class Ghost(Site):
    """JSON-LD, cards of other posts below the text, a feed with further pages, `rel=next` in the head."""

    def path(self, post):
        return f"/{post['slug']}/"

    def frame(self, title, main, head=""):
        return f"""<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{esc(title)}</title><link rel="alternate" type="application/rss+xml" href="{self.base}/rss/">{head}</head>
<body><header id="gh-head"><a href="{self.base}/">Horizon</a></header>{main}<footer class="site-footer">Horizon © 2026</footer></body></html>"""

    def card(self, post):
        return f"""<article class="post-card"><a href="{post['path']}"><h2>{esc(post['title'])}</h2><div>{esc(post['paragraphs'][0][:120])}</div></a>
<time datetime="{post['at']:%Y-%m-%d}">{written(post['at'])}</time></article>"""

    def post(self, post):
        data = {"@context": "https://schema.org", "@type": "Article", "headline": post["title"], "datePublished": post["at"].isoformat(), "dateModified": post["modified"]}
        return self.frame(post["title"], f"""<main><article class="gh-article"><h1>{esc(post['title'])}</h1><section class="gh-article-meta"><h4><a href="/author/claire/">Claire Dumas</a></h4>
<time datetime="{post['at']:%Y-%m-%d}">{written(post['at'])}</time> — 4 min de lecture</section><section class="gh-content">{paragraphs(post)}</section></article>
<aside class="read-more">{''.join(map(self.card, self.posts[:3]))}</aside></main>""", f'<script type="application/ld+json">{json.dumps(data)}</script>')

    def item(self, post):
        return f"""<item><title><![CDATA[{post['title']}]]></title><link>{self.base}{post['path']}</link><guid isPermaLink="false">{post['id']:024x}</guid>
<pubDate>{post['at']:%a, %d %b %Y %H:%M:%S %z}</pubDate><content:encoded><![CDATA[{paragraphs(post)}]]></content:encoded></item>"""

    def other(self, path, _query):
        page, feed = re.fullmatch(r"/(?:page/(\d+)/)?", path), re.fullmatch(r"/rss/(?:(\d+)/)?", path)
        number = int((page or feed)[1] or 1) if page or feed else 0
        items = window(self.posts, (number - 1) * 12, 12) if number else []
        if not items:
            return None
        if feed:
            rss = f"<channel><title>Horizon</title><link>{self.base}/</link>{''.join(map(self.item, items))}</channel>"
            return "application/rss+xml", f'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">{rss}</rss>'
        return self.frame("Horizon", f"<main>{''.join(map(self.card, items))}</main>", f'<link rel="next" href="{self.base}/page/{number + 1}/">')


class HandMade(Site):
    """Tables and fonts, one long list with the day before each link, no heading anywhere, the day in the dateline."""

    def path(self, post):
        return f"/cp/{post['at']:%y%m%d}{post['id']}.html"

    def frame(self, title, main):
        return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Horizon : {esc(title)}</title></head><body bgcolor="#ffffff"><table width="760"><tr>
<td width="150"><a href="/index.html">Accueil</a><br><a href="/communiques.html">Communiqués</a></td><td>{main}</td></tr></table>
<p><font size="1">Horizon - 12, rue des Lilas - 75011 Paris - Dernière mise à jour du site : 3 janvier 2026</font></p></body></html>"""

    def post(self, post):
        return self.frame(post["title"], f"""<p align="right">Paris, le {written(post['at'])}</p><center><font size="5"><b>{esc(post['title'])}</b></font></center><br><br>
{'<br><br>'.join(map(esc, post['paragraphs']))}<br><br><a href="../communiques.html">Retour à la liste</a>""")

    def other(self, path, _query):
        if path in ("/", "/index.html"):
            return self.frame("Accueil", '<h1>Bienvenue</h1><p>Le site de l’association. <a href="communiques.html">Nos communiqués</a></p>')
        if path == "/communiques.html":
            lines = "".join(f'{written(post["at"])} : <a href="{post["path"][1:]}">{esc(post["title"])}</a><br>' for post in self.posts)
            return self.frame("Communiqués", f"<h1>Communiqués</h1>{lines}")
        return None


class Diary(Site):
    """A blog with archives by year and month only, the day above the entries of that day, the site's name in the first heading."""

    def path(self, post):
        return f"/{post['at']:%Y/%m}/{post['slug']}.php"

    def frame(self, title, main):
        years = "".join(f'<li><a href="/{year}/">{year}</a></li>' for year in sorted({post["at"].year for post in self.posts}))
        return f"""<html><head><title>{esc(title)} - Le blog d'Horizon</title></head><body><div id="head"><h1><a href="/">Le blog d'Horizon</a></h1></div><div id="left">{main}</div>
<div id="right"><h4>Archives</h4><ul>{years}</ul></div></body></html>"""

    def post(self, post):
        at = post["at"]
        return self.frame(post["title"], f"""<h2 class="dateheader">{DAYS[at.weekday()].capitalize()} {written(at)}</h2><h3 class="posttitle">{esc(post['title'])}</h3>
<div class="postbody">{paragraphs(post)}</div><p class="postfooter">Posté par horizon à {at:%H:%M} - <a href="#c">Commentaires [0]</a> - <a href="{post['path']}">Permalien</a></p>""")

    def entry(self, post):
        return f"""<h2 class="dateheader">{written(post['at'])}</h2><h3 class="posttitle"><a href="{post['path']}">{esc(post['title'])}</a></h3>
<div class="postbody"><p>{esc(post['paragraphs'][0])}</p></div>"""

    def other(self, path, _query):
        period = re.fullmatch(r"/(\d{4})/(?:(\d\d)/)?", path)
        if path == "/":
            return self.frame("Accueil", "".join(map(self.entry, self.posts[:5])))
        if not period:
            return None
        within = [post for post in self.posts if post["at"].year == int(period[1])]
        if period[2]:
            return self.frame(f"{period[2]}/{period[1]}", "".join(self.entry(post) for post in within if post["at"].month == int(period[2])))
        months = sorted({post["at"].month for post in within})
        return self.frame(period[1], "<ul>" + "".join(f'<li><a href="/{period[1]}/{month:02}/">{MONTHS[month - 1]} {period[1]}</a></li>' for month in months) + "</ul>")


class Shell(Site):
    """Class names without meaning, cards without a day, “Voir plus” with `?offset=N`, the day in a `meta` element only."""

    def path(self, post):
        return f"/fr/actualites/{post['slug']}"

    def frame(self, title, main, head=""):
        return f"""<!DOCTYPE html><html lang="fr"><head><meta charSet="utf-8"/><title>{esc(title)}</title>{head}</head><body><div id="__next"><header class="x1"><a href="/fr">Accueil</a>
<a href="/fr/actualites">Actualités</a><button>FR</button></header>{main}<footer class="z9"><div>© Horizon 2026</div></footer></div></body></html>"""

    def card(self, post):
        return f'<a class="w3" href="{post["path"]}"><h3>{esc(post["title"])}</h3><p>{esc(post["paragraphs"][0][:100])}</p></a>'

    def post(self, post):
        text = "".join(f'<div class="p1">{esc(text)}</div>' for text in post["paragraphs"])
        return self.frame(post["title"], f"""<main class="k2"><h1 class="a7">{esc(post['title'])}</h1><div class="b4">{text}</div></main>
<section class="q5"><h2>Sur le même sujet</h2>{''.join(map(self.card, self.posts[:3]))}</section>""", f'<meta property="article:published_time" content="{post["published"]}"/>')

    def other(self, path, query):
        if path in ("/", "/fr"):
            return self.frame("Horizon", f"<main><h1>Horizon</h1>{''.join(map(self.card, self.posts[:3]))}</main>")
        if path != "/fr/actualites":
            return None
        first = int(query.get("offset", "0"))
        more = f'<a class="m6" href="{path}?offset={first + 9}">Voir plus</a>' if first + 9 < len(self.posts) else ""
        return self.frame("Actualités", f"<main><h1>Actualités</h1>{''.join(map(self.card, window(self.posts, first, 9)))}{more}</main>")


SYSTEMS = [Drupal, Joomla, Typo3, Ghost, HandMade, Diary, Shell]
