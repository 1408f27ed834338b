"""What ci/clients needs of the descriptions cases/clients/NAME.xml, and how what they name is installed."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree


class Mistake(Exception):
    """A sentence, and the status that this ends with."""

    def __init__(self, sentence, status=2):
        super().__init__(sentence)
        self.status = status


class Description:
    """What this script needs of cases/clients/NAME.xml; startle reads and checks the rest."""

    def __init__(self, path):
        try:
            root = xml.etree.ElementTree.parse(path).getroot()
        except xml.etree.ElementTree.ParseError as error:
            raise Mistake(f"{path}:{error.position[0]}: {error}") from error
        self.name = path.stem
        self.packages = root.get("packages", "").split()
        self.npm = root.get("npm", "").split()
        policies = [task.get("tls-policies", "required") for task in root.findall("task")]
        self.never_demands_tls = set(policies) == {"enable"}
        self.unpacked = root.get("unpack") == "true"
        self.clients = [self.name] + [f"{self.name}/{one.get('name')}" for one in root.findall("variant")]


def cache():
    given = os.environ.get("STARTLE_CLIENT_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
    return pathlib.Path(given) if given else pathlib.Path(home) / "startle" / "clients"


def carried_out(command, what, **how):
    """Its output is shown where it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", **how)
    if done.returncode:
        sys.stderr.write(done.stdout[-3000:])
        raise Mistake(f"{what} failed with {done.returncode}", 3)
    return done.stdout


def missing_packages(wanted):
    states = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\\n", *wanted],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
    there = {line.split()[1] for line in states if line.startswith("installed ")}
    return [name for name in wanted if name not in there]


# No server that comes with a package is started; a policy that the machine has already is its own.
APT = r"""
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C
ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || apt-get update
install() { apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends --no-remove "$@"; }
install "$@" || { apt-get update; install "$@"; }
"""


def install_debian(wanted):
    missing = missing_packages(wanted) if wanted else []
    if not missing:
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and subprocess.run([*root, "true"], stderr=subprocess.DEVNULL).returncode:
        raise Mistake("run this as root, then the same again: apt-get install --no-install-recommends --no-remove "
                      + " ".join(missing))
    print(f"installing {' '.join(missing)}", flush=True)
    carried_out([*root, "sh", "-c", APT, "sh", *missing], "apt-get install")


def unpack_debian(description, folder):
    """Straight into `folder`, as {unpacked} of a description has it."""
    wanted = " ".join(description.packages)
    stamp = folder / f".unpacked-{description.name}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"unpacking {wanted} into {folder}", flush=True)
    with tempfile.TemporaryDirectory() as packages:
        carried_out(["apt-get", "-o", "APT::Sandbox::User=root", "download", *description.packages],
                    "apt-get download", cwd=packages)
        for package in sorted(pathlib.Path(packages).glob("*.deb")):
            carried_out(["dpkg-deb", "-x", str(package), str(folder)], f"dpkg-deb -x {package.name}")
    stamp.write_text(wanted)


def install_npm(wanted, folder):
    stamp = folder / ".npm-packages"
    if not wanted or (stamp.exists() and stamp.read_text() == " ".join(wanted)):
        return
    if not shutil.which("npm"):
        raise Mistake("npm is not installed: apt-get install npm")
    print(f"installing {' '.join(wanted)} into {folder}", flush=True)
    carried_out(["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", *wanted],
                "npm install")
    stamp.write_text(" ".join(wanted))


def install(descriptions):
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    install_debian(sorted({name for one in descriptions if not one.unpacked for name in one.packages}))
    for one in descriptions:
        if one.unpacked:
            unpack_debian(one, folder)
    install_npm(sorted({name for one in descriptions for name in one.npm}), folder)
