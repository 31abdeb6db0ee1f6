"""The platform as an image starts it: the files, the user, the working folder and the
command line of the Containerfile, in a root folder that has nothing else. There is no
engine for containers here, so the base image is left out: `agora` needs nothing of it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import yaml


class Started:
    """The image's command in its root folder. `libraries` copies those of this machine
    into it, for a build that is not static."""

    def __init__(self, archive, root, libraries):
        self.root = root
        said = instructions(archive / "Containerfile")
        self.user, self.group = said["USER"][-1].split(":")
        self.folder = said["WORKDIR"][-1]
        self.command = json.loads(said["ENTRYPOINT"][-1]) + json.loads(said["CMD"][-1])
        for copied in said["COPY"]:
            if not copied.startswith("--from="):
                source, target = copied.split()
                self.put(archive / source, target)
        for volume in json.loads(said["VOLUME"][-1]):
            self.inside(volume).mkdir(parents=True)
            os.chown(self.inside(volume), int(self.user), int(self.group))

        service = yaml.safe_load((archive / "compose.yaml").read_text())["services"]["agora"]
        settings = next(it.split(":")[1] for it in service["volumes"] if it.startswith("./.env:"))
        self.put(archive / ".env", settings)
        # Each of its examples is a parameter that the platform knows.
        examples = re.sub("^#(?=[A-Za-z]+=)", "", self.inside(settings).read_text(), flags=re.MULTILINE)
        self.inside(settings).write_text(examples)
        if libraries:
            linked = subprocess.run(["/usr/bin/ldd", archive / "agora"], check=True, text=True, capture_output=True)
            for library in re.findall(r"(/\S+) \(0x", linked.stdout):
                self.put(library, library)

        # Another platform may use the image's own port.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.command += ["--port", port]
        self.health = service["healthcheck"]["test"][-1].replace(":3000/", f":{port}/")
        self.url = self.health.removesuffix("/health")

    def inside(self, path):
        return self.root / path.removeprefix("/")

    def put(self, source, target):
        self.inside(target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, self.inside(target))

    def __enter__(self):
        self.process = subprocess.Popen(
            [shutil.which("unshare"), "--root", self.root, "--wd", self.folder,
             "--setuid", self.user, "--setgid", self.group, *self.command],
            env={}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said = ""
        threading.Thread(target=self.listen, daemon=True).start()
        self.wait("healthy", lambda: answers(self.health))
        self.wait("an administrator", lambda: self.printed("password"))
        self.administrator = {name: self.printed(name) for name in ("email", "password")}
        return self

    def printed(self, name):
        """The value that stands after `name` in a line of its own, once it is printed."""
        found = re.search(rf"^ *{name} +(\S+)$", self.said, re.MULTILINE)
        return found and found[1]

    def listen(self):
        for line in self.process.stdout:
            self.said += line

    def wait(self, what, holds):
        deadline = time.monotonic() + 60
        while not holds():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                sys.exit(f"{' '.join(self.command)}: not {what}\n{self.said[-4000:]}")
            time.sleep(0.05)

    def __exit__(self, failure, *_):
        self.process.terminate()
        status = self.process.wait(30)
        if failure:
            print(self.said[-4000:], file=sys.stderr)
        elif status:
            sys.exit(f"it was stopped and ended with {status}\n{self.said[-4000:]}")
        elif not (log := self.inside("/data/logs/info.jsonl")).exists():
            sys.exit(f"{log} is missing")


def instructions(containerfile):
    """The arguments of each instruction of the last stage, in their order."""
    said = {}
    for line in containerfile.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            said = {}
        elif word.isupper():
            said.setdefault(word, []).append(rest)
    return said


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except (OSError, urllib.error.URLError):
        return False
