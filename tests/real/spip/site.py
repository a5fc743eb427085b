"""A real SPIP on loopback, from Debian's package, in a folder of its own that goes with it.

Debian 13 has SPIP 4.4. Its record is a SQLite file, so that it needs no server of databases.
"""

import json
import shutil
from pathlib import Path

from wordpress.machine import execute
from wordpress.site import FPM, NGINX, Site, free_port

HERE = Path(__file__).parent
PACKAGES = "spip nginx-light php php-fpm php-cli php-sqlite3 php-gd php-xml php-mbstring".split()


class Spip(Site):
    """`with Spip(machine, records, addresses) as site:` is a running SPIP that holds the records.

    `addresses` is `page` (`/spip.php?article12`) or `propres` (`/Titre-de-l-article`).
    """

    def __init__(self, machine, records, addresses):
        self.machine, self.records, self.kind = machine, records, addresses
        machine.install(PACKAGES)
        self.folder = machine.folder("communique-spip-")
        self.inside = machine.inside(self.folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes = []
        self.addresses = {}

    def switch(self, **sources):
        """SPIP has no switches."""

    def _copy(self):
        execute(self.machine.command("cp", "-rL", "/usr/share/spip", self.inside / "www"))
        # Debian's own options are those of a machine with many sites
        (self.root / "config/mes_options.php").unlink(missing_ok=True)
        for name in ("config", "config/bases", "tmp", "local", "IMG"):
            (self.root / name).mkdir(exist_ok=True)
            (self.root / name).chmod(0o777)
        for script in HERE.glob("*.php"):
            shutil.copy(script, self.folder)

    def _start_database(self):
        execute(self._script("install.php"))

    def _script(self, script, *arguments):
        return self.machine.command("env", f"SITE_URL={self.url}", f"SITE_ROOT={self.inside}/www", f"SITE_URLS={self.kind}", "php",
                                    "-d", "display_errors=stderr", "-d", "date.timezone=Europe/Paris", self.inside / script, *arguments)

    def _php(self, script, values):
        given, result = self.folder / "given.json", self.folder / "result.json"
        given.write_text(json.dumps(values))
        result.unlink(missing_ok=True)
        execute(self._script(script, self.inside / "given.json", self.inside / "result.json"))
        return json.loads(result.read_text())

    def _servers(self):
        zone = "php_admin_value[date.timezone] = Europe/Paris\n"
        nginx = NGINX.replace("location / { try_files $uri $uri/ /index.php?$args; }", LOCATIONS)
        return {"fpm.conf": FPM + zone, "nginx.conf": nginx.replace("fastcgi_pass", "fastcgi_param REDIRECT_url_propre $clean if_not_empty;\n      fastcgi_pass")}


# what SPIP's own .htaccess does; its robots.txt asks for a second between two requests, which would make of the test a wait
LOCATIONS = """set $clean "";
    location = /robots.txt { return 200 "User-agent: *\\nDisallow: /ecrire/\\nSitemap: http://127.0.0.1:PORT/sitemap.xml\\n"; }
    location = /sitemap.xml { rewrite ^ /spip.php?page=sitemap.xml last; }
    location / { try_files $uri $uri/ @clean; }
    location @clean {
      if ($uri ~ ^/(.+)$) { set $clean $1; }
      rewrite ^ /spip.php last;
    }"""
