"""Where a site runs: this machine, or a Debian of another release in a folder (debootstrap and chroot).

Servers of another release see the same loopback, so the program under test need not know.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

POLICY = "#!/bin/sh\nexit 101\n"
MIRROR = "http://deb.debian.org/debian"


class CannotRun(Exception):
    """The machine lacks what the site needs."""


class Machine:
    """`with Machine() as here` or `with Machine("trixie") as other`."""

    def __init__(self, release=None):
        self.release = release
        self.root = Path("/")

    def __enter__(self):
        if not self.release:
            return self
        if not shutil.which("debootstrap"):
            Machine().install(["debootstrap"])
        self.root = Path(tempfile.mkdtemp(prefix="communique-debian-"))
        try:
            self.root.chmod(0o755)
            execute(["debootstrap", "--variant=minbase", self.release, self.root, MIRROR])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.release:
            shutil.rmtree(self.root, ignore_errors=True)

    def folder(self, prefix):
        """A new folder in which servers may write, as seen from here."""
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self.root / "tmp"))
        folder.chmod(0o777)
        return folder

    def inside(self, path):
        """The same path as its servers see it."""
        return Path("/") / Path(path).relative_to(self.root)

    def command(self, *words):
        """A command that runs there."""
        words = [str(word) for word in words]
        return words if not self.release else ["chroot", str(self.root), *words]

    def install(self, packages):
        """Installs packages without starting any of their services."""
        missing = [name for name in packages if not self._installed(name)]
        if not missing:
            return
        if os.geteuid() != 0 or not (self.root / "usr/bin/apt-get").exists():
            raise CannotRun(f"needs {' '.join(missing)}: run as root on Debian, or install them")
        policy = self.root / "usr/sbin/policy-rc.d"
        ours = not policy.exists()
        if ours:
            policy.write_text(POLICY)
            policy.chmod(0o755)
        try:
            apt = self.command("apt-get", "-q", "-o", "DPkg::Lock::Timeout=600")
            execute([*apt, "update"])
            execute([*apt, "install", "-y", "--no-install-recommends", *missing])
        finally:
            if ours:
                policy.unlink()

    def _installed(self, name):
        if not (self.root / "usr/bin/dpkg-query").exists():
            return False
        asked = self.command("dpkg-query", "-W", "-f", "${db:Status-Status}\n", name)
        return "installed" in subprocess.run(asked, capture_output=True, text=True).stdout.split()


def execute(command):
    """Runs a command to its end, or says what it said."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ["PATH"]}
    done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"{' '.join(map(str, command))} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
