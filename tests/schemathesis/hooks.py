"""How Schemathesis signs in: as the platform's administrator, again and again,
as some of its requests sign out whoever makes them."""

import json
import os
import urllib.request

import schemathesis


@schemathesis.auth(refresh_interval=1)
class Administrator:
    def get(self, case, context):
        body = json.dumps({"email": os.environ["ADMIN_EMAIL"], "password": os.environ["ADMIN_PASSWORD"]})
        request = urllib.request.Request(
            f"{os.environ['AGORA_URL']}/api/v1/auth/login", body.encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["access_token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"
