"""How Schemathesis signs in: as an administrator, again and again, as some of its
requests sign out whoever makes them, or delete them."""

import itertools
import json
import os
import subprocess
import urllib.error
import urllib.request

import schemathesis

PASSWORD = "correct horse battery staple"
NUMBERS = itertools.count()


@schemathesis.auth(refresh_interval=1)
class Administrator:
    email = None

    def get(self, case, context):
        account = {"email": self.email, "password": PASSWORD}
        try:
            return post("login", account)["access_token"]
        except urllib.error.HTTPError:
            # There is none yet, or no more.
            self.email = account["email"] = f"administrator-{next(NUMBERS)}@example.com"
            post("register", account)
            # What is wrong with it stands on standard error.
            port = os.environ["AGORA_URL"].rpartition(":")[2]
            subprocess.run([os.environ["AGORA"], "admin", "grant", self.email, "--port", port,
                            "--data-dir", os.environ["AGORA_DATA_DIR"]],
                           check=True, stdout=subprocess.DEVNULL)
            return post("login", account)["access_token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def post(path, body):
    request = urllib.request.Request(
        f"{os.environ['AGORA_URL']}/api/v1/auth/{path}", json.dumps(body).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)
