"""A real WordPress on loopback, from Debian's packages, in a folder of its own that goes with it.

Needs root and Debian; 12 has WordPress 6.1, 13 has 6.8. Nothing listens on anything but 127.0.0.1 or a socket in the folder.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from .machine import CannotRun, execute

HERE = Path(__file__).parent
PACKAGES = "wordpress nginx-light php php-fpm php-cli php-mysql php-gd php-xml php-mbstring mariadb-server".split()
THEMES = {"bookworm": "twentytwentythree", "trixie": "twentytwentyfive"}


def free_port():
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """`with Site(machine, records) as site:` is a running WordPress that holds the records.

    With `plain` addresses are as WordPress has them before anyone chooses: `/?p=12`. Any other path then answers with the
    home page, robots.txt included.
    """

    def __init__(self, machine, records, plain=False):
        self.machine = machine
        self.records = records
        self.permalinks = "" if plain else "/%year%/%monthnum%/%postname%/"
        machine.install([*PACKAGES, "wordpress-theme-" + theme(machine)])
        self.folder = machine.folder("communique-wordpress-")
        self.inside = machine.inside(self.folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes = []
        self.addresses = {}

    def __enter__(self):
        try:
            self._copy()
            self._start_database()
            self.addresses = self._php("fill.php", self.records)
            self._start_web()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def switch(self, **sources):
        """Opens or shuts sources: rest, sitemap, feed."""
        switches = {"rest": True, "sitemap": True, "feed": True} | sources
        (self.root / "wp-content/mu-plugins/switches.json").write_text(json.dumps(switches))

    def change(self, changes):
        """Changes posts as editors do; returns id and address of each after it."""
        return self._php("change.php", changes)

    def requests(self):
        """Lines of the access log so far: `METHOD address status bytes`."""
        return (self.folder / "access.log").read_text().splitlines()

    @property
    def root(self):
        return self.folder / "www"

    def _copy(self):
        # links lead to other packages' files and are followed where the site runs
        execute(self.machine.command("cp", "-rL", "/usr/share/wordpress", self.inside / "www"))
        plugins = self.root / "wp-content/mu-plugins"
        plugins.mkdir()
        shutil.copy(HERE / "house.php", plugins)
        for script in ("posts.php", "fill.php", "change.php"):
            shutil.copy(HERE / script, self.folder)
        self.switch()
        (self.root / "wp-content/uploads").mkdir()
        (self.root / "wp-config.php").write_text(CONFIG.format(socket=self.inside / "db.sock", key=os.urandom(20).hex()))

    def _start_database(self):
        data, command = self.inside / "db", self.machine.command
        # --force: the name of this machine need not resolve
        execute(command("mariadb-install-db", "--no-defaults", "--force", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"))
        execute(command("chown", "-R", "mysql", data))
        self._start("db.log", "mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.inside}/db.sock", "--skip-networking",
                    f"--pid-file={data}/db.pid", "--user=mysql", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin",
                    "--innodb-buffer-pool-size=64M")
        client = command("mariadb", "--no-defaults", f"--socket={self.inside}/db.sock", "-uroot", "-e", "CREATE DATABASE site")
        self._wait("the database", lambda: subprocess.run(client, capture_output=True).returncode == 0)

    def _php(self, script, values):
        """Runs a script that reads values from one file and writes its result to another."""
        given, result = self.folder / "given.json", self.folder / "result.json"
        given.write_text(json.dumps(values))
        result.unlink(missing_ok=True)
        execute(self.machine.command("env", f"SITE_URL={self.url}", f"SITE_ROOT={self.inside}/www", f"SITE_THEME={theme(self.machine)}",
                                     f"SITE_PERMALINKS={self.permalinks}",
                                     "php", "-d", "display_errors=stderr", "-d", "memory_limit=512M",
                                     self.inside / script, self.inside / "given.json", self.inside / "result.json"))
        return json.loads(result.read_text())

    def _servers(self):
        return {"fpm.conf": FPM, "nginx.conf": NGINX}

    def _start_web(self):
        for name, text in self._servers().items():
            (self.folder / name).write_text(text.replace("FOLDER", str(self.inside)).replace("PORT", str(self.port)))
        fpm = next((path.name for path in sorted((self.machine.root / "usr/sbin").glob("php-fpm*"))), None)
        if not fpm:
            raise CannotRun("no php-fpm in /usr/sbin")
        self._start("fpm.log", fpm, "-F", "-R", "-y", self.inside / "fpm.conf")
        self._start("nginx.log", "nginx", "-p", self.inside, "-c", self.inside / "nginx.conf", "-g", "daemon off;")
        self._wait("the site", lambda: urllib.request.urlopen(self.url + "/robots.txt", timeout=5).status == 200)
        (self.folder / "access.log").write_text("")

    def _start(self, log, *words):
        with open(self.folder / log, "wb") as out:
            command = self.machine.command(*words)
            self.processes.append(subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL))

    def _wait(self, what, ready):
        until = time.monotonic() + 60
        while time.monotonic() < until and all(process.poll() is None for process in self.processes):
            try:
                if ready():
                    return
            except OSError:
                pass
            time.sleep(0.2)
        logs = "\n".join(f"{path.name}: {path.read_text(errors='replace')[-600:]}" for path in self.folder.glob("*.log"))
        raise CannotRun(f"{what} did not start\n{logs}")


def theme(machine):
    """The newest default theme that the release has."""
    text = (machine.root / "etc/os-release").read_text()
    code = next((line.split("=")[1].strip('"') for line in text.splitlines() if line.startswith("VERSION_CODENAME=")), "")
    if code not in THEMES:
        raise CannotRun(f"no theme is known for Debian `{code}`: it is one line of THEMES in {Path(__file__).name}")
    return THEMES[code]


CONFIG = """<?php
define('DB_NAME', 'site');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('AUTH_KEY', '{key}');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""

FPM = """[global]
error_log = FOLDER/fpm-error.log
daemonize = no
[www]
user = root
group = root
listen = FOLDER/fpm.sock
pm = static
pm.max_children = 2
catch_workers_output = yes
"""

NGINX = """user root;
worker_processes 1;
pid FOLDER/nginx.pid;
error_log FOLDER/nginx-error.log;
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types;
  log_format short '$request_method $request_uri $status $body_bytes_sent';
  access_log FOLDER/access.log short;
  client_body_temp_path FOLDER/tmp-body;
  proxy_temp_path FOLDER/tmp-proxy;
  fastcgi_temp_path FOLDER/tmp-fastcgi;
  uwsgi_temp_path FOLDER/tmp-uwsgi;
  scgi_temp_path FOLDER/tmp-scgi;
  gzip on;
  gzip_types text/xml application/xml application/rss+xml application/json text/css;
  server {
    listen 127.0.0.1:PORT;
    root FOLDER/www;
    index index.php;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php$ {
      try_files $uri =404;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_param HTTP_HOST 127.0.0.1:PORT;
      fastcgi_pass unix:FOLDER/fpm.sock;
    }
  }
}
"""
