"""The validator of the W3C reads every feed that a newsroom publishes: combined, of a member, of a theme, of a search, without
entries, with one, with hostile, right-to-left and emoji titles, and a feed that ended, in every form and language.

The validator is public (github.com/w3c/feedvalidator) and not on PyPI: FEEDVALIDATOR_SRC names its src/ folder. Without it
this piece says that it could not run. lxml, html5lib and rdflib come from PyPI into a temporary folder.
"""

import os
import subprocess
import tempfile
import urllib.error
import urllib.request
import venv
from pathlib import Path

from feeds import ODD_TITLES, Newsroom, release
from wordpress.machine import CannotRun, Machine

# updated twice in the same second: releases that became visible together
ALLOWED = "DuplicateUpdated"

THEMES = """@prefix : <> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<> a skos:ConceptScheme .
:peace a skos:Concept ; skos:inScheme <> ; skos:topConceptOf <> ; skos:prefLabel "Paix & dialogue"@fr, "Peace & dialogue"@en .
"""

QUERIES = ["", "member=ecoliers", "theme=peace", "lang=en", "lang=ar", "q=paix+-numéro", "q=nulle-part", "q=xylophone", "limit=3", "prefer=fr,en", "kind=release"]


def run(program, bench):
    source = os.environ.get("FEEDVALIDATOR_SRC")
    if not source or not Path(source, "feedvalidator").is_dir():
        raise CannotRun("FEEDVALIDATOR_SRC does not name the src/ folder of the W3C feed validator")
    Machine().install(["python3-venv"])
    with tempfile.TemporaryDirectory(prefix="communique-valid-") as folder:
        folder = Path(folder)
        venv.create(folder / "python", with_pip=True)
        python = folder / "python" / "bin" / "python"
        done = subprocess.run([python, "-m", "pip", "install", "-q", "lxml", "html5lib", "rdflib"], capture_output=True, text=True)
        if done.returncode:
            raise CannotRun(f"pip install failed:\n{done.stderr[-1000:]}")
        with Newsroom(program, folder) as newsroom:
            return judged(newsroom, folder, python, bench)


def judged(newsroom, folder, python, bench):
    members = folder / "config" / "members"
    members.mkdir()
    for name in ("ecoliers", "anciens"):
        home = f"http://{name}.localhost:9/"
        (members / f"{name}.toml").write_text(f'id = "{name}"\nname = "Les {name} & Cie"\nhome = "{home}"\nlang = "fr"\n')
    (folder / "config" / "themes.ttl").write_text(THEMES)
    served_anew(newsroom)
    newsroom.take_in(releases())
    newsroom.take_in([release(7, text="Corrigé.\nIl a deux lignes.")])
    newsroom.hide("r008")
    (members / "anciens.toml").unlink()
    served_anew(newsroom)
    paths = ["/opml", "/corrections.atom"] + [f"/feed.{form}" for form in ("atom", "rss", "json")]
    paths += [f"/{lang}/search.{form}" + (f"?{query}" if query else "") for query in QUERIES for lang in ("fr", "en") for form in ("atom", "rss", "json")]
    urls = [newsroom.url(path.replace("é", "%C3%A9")) for path in paths]
    command = [python, Path(bench, "bench/feeds/validate.py"), "--level", "AA", "--allow", ALLOWED, *urls]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    faults = [] if done.returncode == 0 else [done.stdout[-3000:] + done.stderr[-1000:]]
    print(f"   {done.stdout.count(' 0 errors, 0 warnings')} of {len(urls)} feeds without a message")
    for form in ("atom", "rss", "json"):
        url = newsroom.url(f"/fr/search.{form}?member=anciens")
        status, ended = answer(url)
        saved = folder / f"ended.{form}"
        saved.write_bytes(ended)
        done = subprocess.run([*command[:-len(urls)], "--base", url, saved], capture_output=True, text=True, timeout=300)
        faults += [] if done.returncode == 0 and status == 410 else [f"{url}: {status}\n{done.stdout[-2000:]}{done.stderr[-500:]}"]
    check = [python, Path(bench, "bench/feeds/check_feed.py")]
    for query in ("", "?member=ecoliers", "?q=nulle-part"):
        forms = [word for form in ("rss", "atom", "json") for word in (f"--{form}", newsroom.url(f"/fr/search.{form}{query}"))]
        done = subprocess.run([*check, *forms, "--html", newsroom.url(f"/fr/search{query}")], capture_output=True, text=True, timeout=300)
        print(f"   check_feed.py{query}: {done.stdout.strip().splitlines()[-1]}")
        faults += [] if done.returncode == 0 else [done.stdout[-2000:] + done.stderr[-500:]]
    return faults


def answer(url):
    """Status and body, whatever the status."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as good:
            return good.status, good.read()
    except urllib.error.HTTPError as other:
        return other.code, other.read()


def served_anew(newsroom):
    """The configuration is read at start; the address stays."""
    newsroom.__exit__()
    newsroom.listen = newsroom.base.removeprefix("http://")
    newsroom.__enter__()


def releases():
    member = [{"id": "ecoliers", "name": "x"}]
    some = [release(number, members=member) for number in range(60)]
    some += [release(100 + number, title, members=member) for number, title in enumerate(ODD_TITLES)]
    return some + [
        release(120, "Peace now", lang="en", text="A text about peace.\nTwo lines."),
        release(121, "بيان صحفي", lang="ar", text="نص البيان حول التعليم"),
        release(122, "Zanzibar seul", text="Le seul texte qui dit xylophone."),
        release(123, "Sans date", text="", published=None),
        release(124, "Demain", text="La paix.", published="2039-01-01"),
        release(
            125,
            "Tout à la fois",
            html="<p>]]&gt; <a href='/relatif'>a</a> <img src='rel.png'></p><script>x</script><table><tr><td>b</table>",
            image={"url": "https://exemple.example/i.jpg?a=1&b=2", "alt": 'Des "élèves" & <amis>', "credit": "", "size": [800, 600]},
            attachments=[
                {"url": "https://exemple.example/d.pdf?a=1&b=2", "title": "Dossier", "media_type": "application/pdf", "bytes": 1234},
                {"url": "https://exemple.example/e.pdf", "title": "", "media_type": "", "bytes": None},
            ],
            contacts="Awa Diop\npresse@exemple.example",
            issuers=[{"name": "Coalition <Éducation>", "member": None, "signatory": False}],
        ),
    ]
