"""Cases from public bug trackers of systems of this kind, each a check of its own:
its name, the threads that it comes from, and what Agora must do.

Run by `tests/field/run`; plain Python 3.
"""

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

from api import Reply, parallel, until

V = "/api/v1"
PW = "violet lantern 42 sparrow"
CASES = []
BOM = b"\xef\xbb\xbf"


class Fault(Exception):
    """Agora does something else than is expected."""


def case(name, source, expected):
    def add(f):
        CASES.append((name, source, expected, f)); return f
    return add


def must(holds, seen):
    if not holds: raise Fault(seen if isinstance(seen, str) else repr(seen))


def tag(n=8): return uuid.uuid4().hex[:n]
def key(): return {"idempotency-key": uuid.uuid4().hex}
def money(amount, currency="EUR"): return {"amount": amount, "currency": currency}
def codes(reply): return [(e["pointer"], e["code"]) for e in (reply.json or {}).get("errors", [])]
def code(reply): return (reply.json or {}).get("code")


class User:
    def __init__(self, email, password, reply):
        self.email, self.password, self.reply = email, password, reply
        j = reply.json or {}
        self.token, self.refresh, self.id = j.get("access_token"), j.get("refresh_token"), (j.get("user") or {}).get("id")


class World:
    def __init__(self, args):
        self.args, self.u, self.lock = args, urllib.parse.urlparse(args.url), threading.Lock()
        self._admin, self._admin_at = None, 0

    def call(self, method, path, body=None, token=None, headers=None, raw=None, content_type="application/json", timeout=60):
        c = http.client.HTTPConnection(self.u.hostname, self.u.port or 80, timeout=timeout)
        h = {"accept": "application/json"}
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        if content_type and data is not None: h["content-type"] = content_type
        if token: h["authorization"] = "Bearer " + token
        h.update(headers or {})
        c.request(method, path, data, h)
        r = c.getresponse(); out = Reply(r.status, r.getheaders(), r.read()); c.close(); return out

    __call__ = call

    # people
    def login(self, email, password): return self("POST", V + "/auth/login", {"email": email, "password": password})

    @property
    def admin(self):
        with self.lock:
            if time.time() - self._admin_at > 200:
                r = self.login(self.args.admin, self.args.password)
                if r.status != 200: raise SystemExit(f"the administrator cannot log in: {r}")
                self._admin, self._admin_at = r.json["access_token"], time.time()
            return self._admin

    def email(self, word="case"): return f"{word}-{tag(12)}@example.com"

    def register(self, email=None, password=PW, **kw):
        return self("POST", V + "/auth/register", {"email": email or self.email(), "password": password, **kw})

    def user(self, email=None, password=PW, **kw):
        email = email or self.email(); r = self.register(email, password, **kw)
        if r.status != 201: raise Fault(f"registering {email!r}: {r}")
        return User(email, password, r)

    def mails(self, address, wanted=1, word=""):
        def found():
            ms = [m for m in (self("GET", "/_local/mails").json or {}).get("data", []) if address in m["to"] and word in m["text"]]
            return ms if len(ms) >= wanted else None
        return until(found, 12, 0.2) or []

    def token_of(self, mail): return re.search(r"token=([\w-]+)", mail["text"]).group(1)

    # goods
    def sku(self, word="FC"): return f"{word}-{tag(10).upper()}"

    def post_product(self, **kw):
        body = {"sku": self.sku(), "title": "Field case " + tag(), "price": money(1000), **kw}
        return self("POST", V + "/products", {k: v for k, v in body.items() if v is not ...}, self.admin, key())

    def product(self, **kw):
        r = self.post_product(**kw)
        if r.status != 201: raise Fault(f"making a product: {r}")
        return r.json

    def get(self, product): return self("GET", f"{V}/products/{product['id']}", token=self.admin).json

    def patch(self, product, body, headers=None):
        return self("PATCH", f"{V}/products/{product['id']}", body, self.admin, headers, content_type="application/merge-patch+json")

    def stock(self, sku): return self("GET", f"{V}/stock/{urllib.parse.quote(sku, safe='')}", token=self.admin).json or {}

    def offered(self, sku, **kw):
        """Waits until the orders know of it, as `kw` says."""
        fits = lambda s: s.get("sku") == sku and all(s.get(k) == v for k, v in kw.items())
        return until(lambda: (lambda s: s if fits(s) else None)(self.stock(sku)), 12)

    def goods(self, stock=10, **kw):
        p = self.product(initial_stock=stock, **kw); must(self.offered(p["sku"]), "the orders never learn of it"); return p

    def category(self, name=None, **kw):
        r = self("POST", V + "/categories", {"name": name or "Field " + tag(), **kw}, self.admin, key())
        if r.status != 201: raise Fault(f"making a category: {r}")
        return r.json

    def order(self, user, lines, k=None, **kw):
        return self("POST", V + "/orders", {"lines": lines, **kw}, user.token, {"idempotency-key": k or uuid.uuid4().hex})

    def act(self, order, verb, body=..., token=None):
        return self("POST", f"{V}/orders/{order['id']}/{verb}", {} if body is ... else body, token or self.admin)

    def products(self, token=None, **query):
        return self("GET", V + "/products?" + urllib.parse.urlencode(query), token=token or self.admin)

    def listed(self, **query):
        out, cursor = [], None
        while True:
            r = self.products(**query, limit=100, **({"cursor": cursor} if cursor else {}))
            if r.status != 200: raise Fault(f"{query}: {r}")
            out += r.json["data"]; cursor = r.json["next_cursor"]
            if not cursor: return out

    def seen(self, sku, wanted=True, **query):
        """Whether a list shows a sku, which it may do with a delay."""
        return until(lambda: (sku in [p["sku"] for p in self.listed(**query)]) == wanted, 6, 0.3)

    def upload(self, data, media="text/csv"):
        data = data if isinstance(data, bytes) else data.encode()
        r = self("POST", V + "/products/import", token=self.admin, raw=data, content_type=media)
        if r.status != 202: return r.status, r.json
        done = lambda: (lambda j: j if j.get("status") == "done" else None)(self("GET", r.headers["location"], token=self.admin).json)
        return 202, until(done, 40, 0.2)

    def find(self, sku):
        found = self.products(sku=sku).json["data"]
        return self.get(found[0]) if found else None

    # the command line
    def agora(self, *args):
        a = self.args
        return subprocess.run([a.agora, *args, "--data-dir", a.data_dir], capture_output=True, text=True, timeout=120)

    def import_users(self, data, suffix=".csv"):
        with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as f: f.write(data if isinstance(data, bytes) else data.encode())
        try:
            r = self.agora("import-users", f.name); r.stdout, r.stderr = (t.replace(f.name, "users" + suffix) for t in (r.stdout, r.stderr)); return r
        finally: os.unlink(f.name)


# ------------------------------------------------------------------------------------------------ addresses

@case("an address with a Kelvin sign is none", "mozilla/fxa#4643", "422: it is not the address with an ASCII k")
def _(w):
    name = "blac" + "\u212a" + tag()
    r = w.register(f"{name}@example.com")
    must(r.status == 422, f"{r.status}, account {((r.json or {}).get('user') or {}).get('email')!r}")


@case("a Kelvin sign in the domain", "mozilla/fxa#4643", "422")
def _(w):
    r = w.register(f"{tag()}@lin\u212a.example.com")
    must(r.status == 422, f"{r.status}, account {((r.json or {}).get('user') or {}).get('email')!r}")


@case("one mailbox in two cases is one account", "saltcorn/saltcorn#1167", "409 for the second, login in any case")
def _(w):
    u = w.user(f"MiXed-{tag()}@Example.COM")
    must(w.register(u.email.lower()).status == 409, "a second account")
    must(w.login(u.email.upper(), PW).status == 200, "no login in capitals")


@case("an apostrophe in the local part", "mozilla/fxa-content-server#6702", "an account")
def _(w): must(w.register(f"o'hara-{tag()}@example.com").status == 201, "refused")


@case("spaces and a line end around an address", "gbif/ipt#2071", "trimmed at registration and at login")
def _(w):
    e = w.email(); must(w.register(f" \t{e}\n").status == 201, "not registered"); must(w.login(e + " ", PW).status == 200, "no login")


@case("an address in punycode", "polarsource/polar#5806", "an account")
def _(w): must(w.register(f"{tag()}@xn--e1afmkfd.xn--p1ai").status == 201, "refused")


@case("an address of an international domain", "keycloak/keycloak#10620", "accepted, kept in punycode")
def _(w):
    r = w.register(f"{tag()}@пример.рф")
    must(r.status == 201, r)


@case("a dot at the end of the domain, two at signs, a quoted local part", "mailgun/flanker#40", "422, never 500")
def _(w):
    for e in ("a@example.com.", "a@b@example.com", '"a b"@example.com', "a@[127.0.0.1]", "a@.example.com", "a@example..com"):
        r = w.register(e); must(r.status == 422, f"{e}: {r}")


@case("a plus in an address, looked up by an administrator", "supertokens/supertokens-core#1148", "found when encoded; a plus that is not is a space (WHATWG), which no address has")
def _(w):
    u = w.user(f"plus+tag-{tag()}@example.com")
    r = w("GET", V + "/users?email=" + urllib.parse.quote(u.email, safe=""), token=w.admin)
    must([x["email"] for x in r.json["data"]] == [u.email], r)
    r = w("GET", V + "/users?email=" + u.email, token=w.admin)
    must(r.status == 200 and not r.json["data"], r)


@case("a reset asked for an unknown address", "cloudscribe/cloudscribe#796", "the same answer as for a known one")
def _(w):
    u = w.user(); ask = lambda e: w("POST", V + "/auth/password-reset-request", {"email": e})
    a, b = ask(u.email), ask(w.email("nobody")); must((a.status, a.raw) == (b.status, b.raw), (a, b))


@case("an address that was asked for, and taken meanwhile", "diaspora/diaspora#6847", "409 at the confirmation, both accounts as they were")
def _(w):
    u, wanted = w.user(), w.email("wanted")
    r = w("PATCH", V + "/users/me", {"email": wanted}, u.token); must(r.status == 200, r)
    mail = w.mails(wanted); must(mail, "no mail")
    w.user(wanted)
    r = w("POST", V + "/auth/email-verification-confirm", {"token": w.token_of(mail[0])}); must(r.status == 409, r)
    must(w.login(u.email, PW).status == 200 and w.login(wanted, PW).status == 200, "somebody is locked out")


@case("ten registrations of one address at once", "supabase/auth#2712, hedgedoc/hedgedoc#6875", "one account, nine times 409")
def _(w):
    e = w.email(); rs = parallel(10, lambda i: w.register(e)); must(sorted(r.status for r in rs) == [201] + [409] * 9, [r.status for r in rs])


@case("two addresses are asked for, one after the other", "mattermost/mattermost#10302", "only the second link counts")
def _(w):
    u, a, b = w.user(), w.email("a"), w.email("b"); ask = lambda e: w("PATCH", V + "/users/me", {"email": e}, u.token)
    # By its signed-in owner: the first confirmation by anybody else removes the password, which a stranger may have set.
    confirm = lambda e: w("POST", V + "/auth/email-verification-confirm", {"token": w.token_of(w.mails(e)[-1])}, u.token)
    must(ask(a).status == 200 and w.mails(a) and ask(b).status == 200 and w.mails(b), "not asked for"); must(confirm(a).status == 400 and confirm(b).status == 204 and w.login(b, PW).status == 200, "the first counts")


@case("a link to choose a password, older than another password or address", "OneUptime/oneuptime#3571, natlas/natlas#136", "counts no more")
def _(w):
    for other in (False, True):
        u = w.user(); w("POST", V + "/auth/password-reset-request", {"email": u.email}); m = w.mails(u.email, word="password"); must(m, "no mail")
        if other: e = w.email(); must(w("PATCH", V + "/users/me", {"email": e}, u.token).status == 200 and w("POST", V + "/auth/email-verification-confirm", {"token": w.token_of(w.mails(e)[-1])}, u.token).status == 204, "no other address")
        else: must(w("POST", V + "/auth/password-change", {"current_password": PW, "new_password": PW + " new"}, u.token).status == 204, "no other password")
        r = w("POST", V + "/auth/password-reset-confirm", {"token": w.token_of(m[-1]), "new_password": PW + " other"}); must(r.status == 400, r)


@case("an account that is blocked", "eduvpn/vpn-user-portal#99, presidential-innovation-fellows/rfpez#85", "refreshes nothing, logs in by nothing, not by a new password either")
def _(w):
    u = w.user(); t = w("POST", V + "/auth/reauthenticate", {"password": w.args.password}, w.admin).json["access_token"]; must(w("PATCH", f"{V}/users/{u.id}", {"status": "blocked"}, t).status == 200, "not blocked")
    must(w("POST", V + "/auth/refresh", {"refresh_token": u.refresh}).status == 401 and w.login(u.email, PW).status == 403, "it gets in"); w("POST", V + "/auth/password-reset-request", {"email": u.email})
    for m in w.mails(u.email, word="password")[:1]: w("POST", V + "/auth/password-reset-confirm", {"token": w.token_of(m), "new_password": PW + " other"})
    must(w.login(u.email, PW + " other").status in (401, 403), "it gets in by a new password")


@case("eleven wrong passwords, each from an address that a header says", "long2ice/fastapi-limiter#9, RodiumAi/Forge#84", "the eleventh waits; others do not")
def _(w):
    u, o = w.user(), w.user(); st = [w("POST", V + "/auth/login", {"email": u.email, "password": f"not the one {i}"}, headers={"x-forwarded-for": f"203.0.113.{i}", "forwarded": f"for=203.0.113.{i}", "x-real-ip": f"203.0.113.{i}"}).status for i in range(11)]
    must(st == [401] * 10 + [429] and w.login(o.email, PW).status == 200, st)


# ------------------------------------------------------------------------------------------------ passwords

@case("two passwords that agree in their first 72 bytes", "supabase/auth#1101", "are two passwords")
def _(w):
    long = "".join(f"{i}-moor-" for i in range(12))[:80]; u = w.user(password=long)
    must(w.login(u.email, long).status == 200, "the right one fails"); must(w.login(u.email, long[:72] + "Q" * 8).status == 401, "another gets in")


@case("spaces around a password", "wso2/product-is#4689", "are part of it")
def _(w):
    p = f"  {PW} "; u = w.user(password=p)
    must(w.login(u.email, p).status == 200, "as typed: refused"); must(w.login(u.email, p.strip()).status == 401, "trimmed: accepted")


@case("a NUL in a password", "bcrypt-ruby/bcrypt-ruby#168", "the whole password counts, no 500")
def _(w):
    p = "quiet\u0000 harbour 77 lamps"; u = w.user(password=p)
    must(w.login(u.email, p).status == 200, "refused"); must(w.login(u.email, "quiet").status == 401, "cut at the NUL")


@case("a password of emoji", "Soju06/codex-lb#597", "works, whatever its bytes")
def _(w):
    p = "🦊🪵🧭🫐🪁🧊🛶🎐🪺🦔" * 2; u = w.user(password=p); must(w.login(u.email, p).status == 200, "refused"); must(w.login(u.email, p[:-1]).status == 401, "a part of it gets in")


@case("a password composed here and decomposed there", "ory/hydra#2882, mattermost/mattermost#36877", "logs in from both keyboards")
def _(w):
    u = w.user(password="Grüße aus Åre 1974"); r = w.login(u.email, "Gru\u0308ße aus A\u030are 1974")
    must(r.status == 200, r)


@case("a password far too long", "supabase/auth#1101", "422 at registration, 401 at login, no 500")
def _(w):
    r = w.register(password="correct horse " * 60); must(r.status == 422 and ("/password", "password_length") in codes(r), r)
    u = w.user(); r = w.login(u.email, "x" * 100_000); must(r.status == 401, r)


@case("bcrypt hashes of PHP, Python and Node", "projectsend/projectsend#1706, FusionAuth/fusionauth-issues#2495", "$2y$, $2b$ and $2a$ log in, twice")
def _(w):
    rest = "06$abcdefghijklmnopqrstuuIcz5si7UGCbSJsyrju92s9X5zE/6gaG"; es = {p: w.email("hash") for p in ("2y", "2b", "2a")}
    r = w.import_users("email,password_hash\n" + "".join(f"{e},${p}${rest}\n" for p, e in es.items())); must(r.returncode == 0, r.stdout + r.stderr)
    for p, e in es.items():
        must(w.login(e, PW).status == 200 and w.login(e, PW).status == 200, p); must(w.login(e, PW + "x").status == 401, p + ": any password")


@case("argon2 hashes of other systems", "simonepri/phc-argon2#56, ranisalt/node-argon2#347", "what the import takes logs in; what cannot is refused by it")
def _(w):
    salt = "MDEyMzQ1Njc4OWFiY2RlZg"
    hashes = {
        "argon2i": f"$argon2i$v=19$m=8192,t=2,p=1${salt}$BVoUafpOWU/5cDi4S9JuQ/GfJPj9G6oFjOy00qghEaA",
        "argon2d": f"$argon2d$v=19$m=8192,t=2,p=1${salt}$fBg82pmpMAYmrhbBlhZ5OCqLFacJIXISL2AatsJq4Dg",
        "of 64 bytes": f"$argon2id$v=19$m=8192,t=2,p=1${salt}$2yZ2ID3jbJcICV+oPjALqjuBHdjlI0Ek3WcqTGvapbEq3jLHkPqjFbP/pIQeMbQo760vjk3YODUNQQfLipnYMg",
        "of a short salt": "$argon2id$v=19$m=8192,t=2,p=1$c2FsdHNhbHQ$uaArFeffdzzC6NzGJnbL9w",
        "version 16": f"$argon2i$v=16$m=8192,t=2,p=1${salt}$hYetEIjiD65gYA6r5OpUupd5BiFPJt7+BeFhWPh2oz0",
        "version 16 unsaid": f"$argon2i$m=8192,t=2,p=1${salt}$hYetEIjiD65gYA6r5OpUupd5BiFPJt7+BeFhWPh2oz0",
        "t before m": f"$argon2id$v=19$t=2,m=8192,p=1${salt}$lOaoU3YO7HTTullote/kvZ124xXx0nYHWDx+aDBnRe0",
    }
    es, bad = {n: w.email("argon") for n in hashes}, []
    r = w.import_users("email,password_hash\n" + "".join(f'{es[n]},"{h}"\n' for n, h in hashes.items()))
    lines = r.stdout + r.stderr
    for at, n in enumerate(hashes):
        refused = f":{at + 2}:" in lines; l = w.login(es[n], PW)
        if not refused and l.status != 200: bad.append(f"{n}: taken, and then {l.status} {code(l)}")
        if refused and n in ("argon2i", "argon2d", "of 64 bytes", "version 16"): bad.append(f"{n}: refused")
    must(not bad, "; ".join(bad))


@case("a password repeated behind a NUL, on an imported bcrypt hash", "bcrypt-ruby/bcrypt-ruby#168, Keats/rust-bcrypt#66", "401: it is another password")
def _(w):
    e = w.email("nul"); r = w.import_users(f"email,password_hash\n{e},$2b$06$abcdefghijklmnopqrstuuIcz5si7UGCbSJsyrju92s9X5zE/6gaG\n"); must(r.returncode == 0, r.stdout + r.stderr)
    a, b = w.login(e, PW + "\u0000" + PW), w.login(e, PW)
    must(a.status == 401 and b.status == 200, f"the repeated one {a.status}, the right one after it {b.status}")


@case("an overlong password, where the imported hash is that of the empty one", "bcrypt-ruby/bcrypt-ruby#168", "401, or the import refuses the hash of an empty password")
def _(w):
    e = w.email("empty"); r = w.import_users(f"email,password_hash\n{e},$2b$06$abcdefghijklmnopqrstuuDqVCX9YSxXQXEJE1On1Ptib/W28qLxG\n")
    if r.returncode: return
    a = w.login(e, "z" * 257); must(a.status == 401, f"{a.status} with 257 letters z")


# ------------------------------------------------------------------------------------------------ importing accounts

@case("a table of accounts as Excel saves it", "microsoft/AzureStorageExplorer#6821, modoboa/modoboa#1087", "a byte order mark, CRLF, TRUE and FALSE are read")
def _(w):
    a, b = w.email("xl"), w.email("xl")
    r = w.import_users(BOM + f"email,name,email_verified\r\n{a},Anna,TRUE\r\n{b},Boris,FALSE\r\n".encode())
    must(r.returncode == 0, (r.stdout + r.stderr)[-300:])


@case("a table of accounts with a byte order mark and quotes", "openfoodfoundation/openfoodnetwork#3448", "read")
def _(w):
    a = w.email("bom"); r = w.import_users(BOM + f'email,name\r\n"{a}","Müller, ""Max"""\r\n'.encode()); must(r.returncode == 0, r.stdout + r.stderr)


@case("accounts of a Postgres dump: t and f", "seven1m/onebody#673", "read as truth values")
def _(w):
    a, b = w.email("pg"), w.email("pg"); r = w.import_users(f"email,email_verified\n{a},t\n{b},f\n"); must(r.returncode == 0, (r.stdout + r.stderr)[-300:])


@case("accounts as JSON lines with a byte order mark", "Badgerati/Pode#1604", "read")
def _(w):
    a, b = w.email("jl"), w.email("jl")
    r = w.import_users(BOM + f'{{"email":"{a}"}}\n{{"email":"{b}"}}\n'.encode(), ".jsonl"); must(r.returncode == 0, (r.stdout + r.stderr)[-300:])


# ------------------------------------------------------------------------------------------------ sessions

@case("two tabs refresh at once", "supabase/auth-js#213, keycloak/keycloak#14122", "both go on")
def _(w):
    u = w.user(); rs = parallel(4, lambda i: w("POST", V + "/auth/refresh", {"refresh_token": u.refresh})); must([r.status for r in rs] == [200] * 4, rs)
    new = rs[0].json["refresh_token"]; must(w("POST", V + "/auth/refresh", {"refresh_token": new}).status == 200, "and then it is over")


@case("an access token after the logout", "strapi/strapi#22854", "401 within five seconds")
def _(w):
    u = w.user(); must(w("POST", V + "/auth/logout", {}, u.token).status == 204, "no logout")
    must(until(lambda: all(w("GET", V + p, token=u.token).status == 401 for p in ("/auth/me", "/users/me", "/orders")), 7), "still good")
    must(w("POST", V + "/auth/refresh", {"refresh_token": u.refresh}).status == 401, "the refresh token is still good")


@case("another device after a change of the password", "directus/directus#24032", "is signed out")
def _(w):
    u = w.user(); other = w.login(u.email, PW).json["access_token"]
    r = w("POST", V + "/auth/password-change", {"current_password": PW, "new_password": "another " + PW}, u.token); must(r.status == 204, r)
    must(until(lambda: w("GET", V + "/orders", token=other).status == 401, 7), "still signed in"); must(w("GET", V + "/users/me", token=u.token).status == 200, "this one is, too")


@case("a token of somebody who is an administrator no more", "shellhub-io/shellhub#6773, OWASP/ASVS#1418", "loses its rights within seconds")
def _(w):
    e = w.email("demoted"); r = w("POST", V + "/users", {"email": e, "password": PW, "role": "ADMIN"}, w.admin, key()); must(r.status == 201, r)
    t = w.login(e, PW).json["access_token"]; must(w("GET", V + "/users?limit=1", token=t).status == 200, "is none")
    r2 = w("PATCH", f"{V}/users/{r.json['id']}", {"role": "USER"}, w.admin); must(r2.status == 200, r2)
    must(until(lambda: w("GET", V + "/users?limit=1", token=t).status in (401, 403), 7), "still lists accounts")


@case("the list of devices after one is signed out", "better-auth/better-auth#6940", "does not show it, whatever shows is live")
def _(w):
    u = w.user(); b = w.login(u.email, PW).json
    ss = w("GET", V + "/auth/sessions", token=u.token).json["data"]; must(len(ss) == 2 and [s["current"] for s in ss].count(True) == 1, ss)
    other = next(s for s in ss if not s["current"]); must(w("DELETE", f"{V}/auth/sessions/{other['id']}", token=u.token).status == 204, "no")
    must(len(w("GET", V + "/auth/sessions", token=u.token).json["data"]) == 1, "still there"); must(w("POST", V + "/auth/refresh", {"refresh_token": b["refresh_token"]}).status == 401, "it goes on")


@case("a scanner follows the link of a reset mail", "authelia/authelia#2994, rubygems/rubygems.org#6769", "GET and HEAD use nothing up; the link then works, once")
def _(w):
    u = w.user(); w("POST", V + "/auth/password-reset-request", {"email": u.email}); mail = w.mails(u.email, word="reset-password"); must(mail, "no mail")
    link = re.search(r"https?://[^/]+(/\S+)", mail[-1]["text"]).group(1)
    for m in ("HEAD", "GET", "GET"): w(m, link)
    body = {"token": w.token_of(mail[-1]), "new_password": "brand new " + PW}
    a, b = w("POST", V + "/auth/password-reset-confirm", body), w("POST", V + "/auth/password-reset-confirm", body)
    must((a.status, b.status) == (204, 400), (a, b))


@case("a scheme in small letters, two spaces behind it", "spring-projects/spring-security#6150", "the token counts")
def _(w):
    u = w.user()
    for h in (f"bearer {u.token}", f"BEARER {u.token}", f"Bearer   {u.token}"): must(w("GET", V + "/auth/me", headers={"authorization": h}).status == 200, h[:10])


@case("the empty body of a client that always says JSON: log out", "baasbox/baasbox#65, payloadcms/payload#5797", "204, as without a body")
def _(w):
    u = w.user(); r = w("POST", V + "/auth/logout", token=u.token, headers={"content-type": "application/json"}); must(r.status == 204, r)


@case("the empty body of a client that always says JSON: cancel an order", "baasbox/baasbox#65, OpenBankProject/API-Explorer#214", "200, the order is cancelled")
def _(w):
    u, p = w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json
    r = w("POST", f"{V}/orders/{o['id']}/cancel", token=u.token, headers={"content-type": "application/json", "content-length": "0"}); must(r.status == 200, r)


@case("no body and no media type at all: cancel an order", "OpenBankProject/API-Explorer#214", "200")
def _(w):
    u, p = w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json
    r = w("POST", f"{V}/orders/{o['id']}/cancel", token=u.token); must(r.status == 200, r)


@case("DELETE with a media type and no body", "borchero/Squid#17", "204")
def _(w):
    p = w.product(); r = w("DELETE", f"{V}/products/{p['id']}", token=w.admin, headers={"content-type": "application/json"}); must(r.status == 204, r)


# ------------------------------------------------------------------------------------------------ what people say of themselves

@case("a name of nothing that shows", "codidact/qpixel#135, openstreetmap/openstreetmap-website#4538", "422")
def _(w):
    r = w.register(name="\u200b\u2060\u200d"); must(r.status == 422, f"{r.status}, name {((r.json or {}).get('user') or {}).get('name')!r}")


@case("a title and an address line of nothing that shows", "owncast/owncast#4522", "422")
def _(w):
    bad = []
    r = w.post_product(title="\u200b"); r.status == 422 or bad.append(f"product title {r.status}")
    r = w("POST", V + "/categories", {"name": "\u3164"}, w.admin, key()); r.status == 422 or bad.append(f"category name {r.status}")
    u = w.user(); r = w("PATCH", V + "/users/me", {"profile": {"address": {"street": "\ufeff", "city": "\u200d", "country": "GB"}}}, u.token); r.status == 422 or bad.append(f"street {r.status}")
    must(not bad, ", ".join(bad))


@case("a name that turns the line around, or ends it", "infinity-next/infinity-next#65", "422: a name is one line")
def _(w):
    bad = [repr(n) for n in ("Ada\u202egnp.exe", "Ada\u2028Admin", "Ada\u2029x", "Ada\u2066x") if w.register(name=n).status != 422]
    must(not bad, "taken: " + " ".join(bad))


@case("a name that is an advertisement with a link", "mysociety/theyworkforyou#1603, craftcms/cms#16633", "not mailed to an address that nobody has confirmed")
def _(w):
    e = w.email("victim"); r = w.register(e, name="WIN 900 EUR http://prize.example/x")
    if r.status == 422: return
    m = w.mails(e); must(m, "no mail"); must("prize.example" not in m[0]["text"], "the mail to a stranger begins: " + m[0]["text"].split("\n")[0])


@case("markup in a name", "nukeviet/nukeviet#2973", "is text in the mail")
def _(w):
    e = w.email("markup"); w.register(e, name="<img src=x onerror=alert(1)>&\"'"); m = w.mails(e); must(m and "<img" not in m[0]["html"], m and m[0]["html"][:300])


@case("a biography from a Windows text area (CRLF)", "canonical/snapcraft.io#486", "taken, its lines kept")
def _(w):
    u = w.user(); r = w("PATCH", V + "/users/me", {"profile": {"bio": "First line.\r\nSecond line."}}, u.token); must(r.status == 200, f"{r.status} {codes(r)}")


@case("a note of an order with CRLF", "canonical/snapcraft.io#486", "taken")
def _(w):
    u, p = w.user(), w.goods(); r = w.order(u, [{"sku": p["sku"], "quantity": 1}], note="Ring twice.\r\nThen wait."); must(r.status == 201, f"{r.status} {codes(r)}")


@case("a product's description with CRLF", "canonical/snapcraft.io#486", "taken")
def _(w): r = w.post_product(description="Black tea.\r\nWith bergamot."); must(r.status == 201, f"{r.status} {codes(r)}")


@case("a category's description with CRLF", "canonical/snapcraft.io#486", "taken")
def _(w): r = w("POST", V + "/categories", {"name": "Crlf " + tag(), "description": "Leaves.\r\nOf one plant."}, w.admin, key()); must(r.status == 201, f"{r.status} {codes(r)}")


@case("a description with a tab", "TransNexus/NexOSS#292", "taken, or a tab is a space")
def _(w):
    r = w.post_product(description="Weight:\t100 g")
    must(r.status == 201, r)


@case("a time zone that is none", "drkostas/hevy2garmin#640, opsmill/infrahub#10198", "422: it is a name of the IANA database")
def _(w):
    u = w.user(); bad = [z for z in ("Europe/Athnes", "Mars/Olympus_Mons", "Utc+3") if w("PATCH", V + "/users/me", {"preferences": {"time_zone": z}}, u.token).status != 422]
    must(w("PATCH", V + "/users/me", {"preferences": {"time_zone": "Asia/Kathmandu"}}, u.token).status == 200, "a real one is refused"); must(not bad, f"taken: {bad}")


@case("a country that is none, in a profile and an order", "craftcms/cms#12162, getlago/lago-api#2804", "422: ISO 3166-1")
def _(w):
    u, p, bad = w.user(), w.goods(), []
    for c in ("XX", "ZZ", "QQ"):
        a = {"street": "Hauptstr. 1", "city": "Bonn", "country": c}
        if w("PATCH", V + "/users/me", {"profile": {"address": a}}, u.token).status != 422: bad.append(c + " in a profile")
        if w.order(u, [{"sku": p["sku"], "quantity": 1}], shipping_address=a).status != 422: bad.append(c + " in an order")
    must(not bad, f"taken: {bad}")


@case("a locale as phones write it", "shoelace-style/localize#20", "ru_RU is Russian")
def _(w):
    r = w.register(locale="ru_RU")
    must(r.status == 201, r)


@case("a telephone number with spaces", "BasedHardware/omi#5542", "422: a number is E.164, and the answer says so")
def _(w):
    u = w.user(); r = w("PATCH", V + "/users/me", {"profile": {"phone": "+44 20 7946 0958"}}, u.token)
    must(r.status == 422 and codes(r) == [("/profile/phone", "invalid_phone")], r)


@case("a part of an address is patched", "clay/amphora#561", "the rest stays, a null goes, RFC 7396")
def _(w):
    u = w.user(); a = {"street": "1 Quay", "street2": "Flat 2", "city": "Cork", "country": "IE"}; w("PATCH", V + "/users/me", {"profile": {"address": a, "bio": "Sails."}}, u.token)
    r = w("PATCH", V + "/users/me", {"profile": {"address": {"city": "Kinsale", "street2": None}}}, u.token)
    must(r.status == 200 and r.json["profile"] == {"bio": "Sails.", "address": {"street": "1 Quay", "city": "Kinsale", "country": "IE"}}, r)


@case("accounts whose name begins with capital Greek letters", "4gray/iptvnator#1310, Alexey-T/CudaText#6028", "found by any beginning")
def _(w):
    name = "ΟΔΥΣΣΕΥΣ " + tag(); w.user(name=name); bad = []
    for q in ("ΟΔΥ", "ΟΔΥΣ", "οδυσ", "ΟΔΥΣΣΕΥΣ"):
        hits = lambda: name in [x["name"] for x in w("GET", V + "/users?limit=100&q=" + urllib.parse.quote(q), token=w.admin).json["data"]]
        until(hits, 4) or bad.append(q)
    must(not bad, f"not found by {bad}")


@case("a name composed, looked for decomposed", "openfoodfacts/search-a-licious#426", "found")
def _(w):
    name = "Éloïse " + tag(); w.user(name=name); q = lambda t: name in [x["name"] for x in w("GET", V + "/users?limit=100&q=" + urllib.parse.quote(t), token=w.admin).json["data"]]
    must(until(lambda: q("Éloïse"), 5), "not found at all"); must(q("E\u0301loi\u0308se"), "not found decomposed")


# ------------------------------------------------------------------------------------------------ products: patches

@case("a patch of one attribute", "medusajs/medusa#16179, ProfSynapse/nexus#305", "keeps the others (RFC 7396)")
def _(w):
    p = w.product(attributes={"brand": "Agora", "color": "red", "size": "L"}); r = w.patch(p, {"attributes": {"color": "blue"}})
    must(r.status == 200 and r.json["attributes"] == {"brand": "Agora", "color": "blue", "size": "L"}, f"{r.status} {(r.json or {}).get('attributes')}")


@case("a patch that takes one attribute away", "microsoft/typespec#11533, medusajs/medusa#867", "null removes that one only (RFC 7396)")
def _(w):
    p = w.product(attributes={"brand": "Agora", "color": "red"}); r = w.patch(p, {"attributes": {"color": None}})
    must(r.status == 200 and r.json["attributes"] == {"brand": "Agora"}, f"{r.status} {codes(r) or (r.json or {}).get('attributes')}")


@case("a patch of a price's amount", "loopbackio/loopback-next#4938", "keeps the currency (RFC 7396)")
def _(w):
    p = w.product(price=money(900, "USD")); r = w.patch(p, {"price": {"amount": 950}}); must(r.status == 200 and r.json["price"] == money(950, "USD"), f"{r.status} {codes(r)}")


@case("a patch of a list price's amount", "loopbackio/loopback-next#5074", "keeps the currency (RFC 7396)")
def _(w):
    p = w.product(list_price=money(1500)); r = w.patch(p, {"list_price": {"amount": 1400}}); must(r.status == 200 and r.json["list_price"] == money(1400), f"{r.status} {codes(r)}")


@case("an empty patch", "Kinto/kinto-admin#274", "changes nothing, not even the version")
def _(w):
    p = w.product(description="Stays."); r = w.patch(p, {}); must(r.status == 200 and r.json == p, r)


@case("the price of a product whose variants said none", "shopware/shopware#15358, bigcommerce/dev-docs#1915", "the variants cost what the product costs now")
def _(w):
    a, b = w.sku(), w.sku(); p = w.product(price=money(1000), variants=[{"sku": a}, {"sku": b, "price": money(1500)}])
    r = w.patch(p, {"price": money(1200)}); must(r.status == 200, r)
    must([v["price"]["amount"] for v in r.json["variants"]] == [1200, 1500], f"product {r.json['price']['amount']}, variants {[v['price']['amount'] for v in r.json['variants']]}")


@case("another currency for a product whose variants said no price", "bigcommerce/dev-docs#1915, shopware/shopware#15358", "they follow: they said none")
def _(w):
    p = w.product(price=money(1000), variants=[{"sku": w.sku()}]); r = w.patch(p, {"price": money(1100, "USD")}); must(r.status == 200 and r.json["variants"][0]["price"] == money(1100, "USD"), f"{r.status} {codes(r)}, for a price that nobody gave")


@case("a title of a product whose variants said none", "bigcommerce/dev-docs#1915", "the variants are called so, too")
def _(w):
    p = w.product(title="Old name", variants=[{"sku": w.sku()}]); r = w.patch(p, {"title": "New name"}); must(r.json["variants"][0]["title"] == "New name", r.json["variants"][0]["title"])


@case("a SKU is corrected after three of five are sold", "magento/inventory#2001, magento/inventory#3118", "two are left, or none is counted: never five again")
def _(w):
    u, p, new = w.user(), w.goods(5), w.sku("NEW"); o = w.order(u, [{"sku": p["sku"], "quantity": 3}]).json; must(w.act(o, "confirm").status == 200, "not sold")
    r = w.patch(p, {"sku": new}); must(r.status == 200, r); s = w.offered(new); must(s and s["available"] <= 2, f"available under the new SKU: {s and s['available']}")


@case("a SKU is corrected, whose goods were counted by hand", "magento/inventory#3118", "all twenty are there")
def _(w):
    p, new = w.goods(0), w.sku("NEW"); must(w("POST", f"{V}/stock/{p['sku']}", {"change": 20, "reason": "came in"}, w.admin, key()).status == 200, "not counted"); must(w.patch(p, {"sku": new}).status == 200, "not renamed")
    s = w.offered(new); must(s and s["available"] == 20, f"available under the new SKU: {s and s['available']}")


@case("a variant's SKU is corrected after three of five are sold", "magento/inventory#2724", "never five again")
def _(w):
    u, a, new = w.user(), w.sku(), w.sku("NEW"); p = w.product(variants=[{"sku": a, "initial_stock": 5}]); w.offered(a)
    o = w.order(u, [{"sku": a, "quantity": 3}]).json; must(w.act(o, "confirm").status == 200, "not sold")
    r = w.patch(p, {"variants": [{"sku": new, "initial_stock": 5}]}); must(r.status == 200, r); s = w.offered(new)
    must(s and s["available"] != 5, "5 under the new SKU")


@case("a SKU is changed in its case only", "magento/inventory#2723", "the stock is the same one")
def _(w):
    u, p = w.user(), w.goods(5); o = w.order(u, [{"sku": p["sku"], "quantity": 3}]); must(o.status == 201, o); r = w.patch(p, {"sku": p["sku"].lower()}); must(r.status == 200, r)
    s = w.offered(p["sku"].lower()); must(s and s["available"] <= 2, f"available under the new SKU: {s and s['available']}, while 3 of the 5 are held under the old one")


@case("a SKU is corrected while an order is open, which is cancelled then", "magento/inventory#3314, magento/inventory#574", "its goods are where they can be ordered")
def _(w):
    u, p, new = w.user(), w.goods(5), w.sku("NEW"); old = p["sku"]; o = w.order(u, [{"sku": old, "quantity": 3}]).json; must(w.patch(p, {"sku": new}).status == 200, "not renamed"); w.offered(new)
    must(w.act(o, "cancel", token=u.token).status == 200, "not cancelled"); b = w.offered(new, reserved=0); old_one = w("GET", f"{V}/stock/{old}", token=w.admin).status
    must(old_one == 404 and b and b["available"] == 5, f"the old SKU's stock: {old_one}; under the new one: {b}")


@case("a variant is taken out and put in again with another stock", "magento/inventory#1083", "its stock is what was said, or it is refused, as for one that stays")
def _(w):
    a = w.sku(); p = w.product(variants=[{"sku": a, "initial_stock": 5}]); w.offered(a); must(w.patch(p, {"variants": []}).status == 200, "not taken out"); w.offered(a, status="closed")
    r = w.patch(p, {"variants": [{"sku": a, "initial_stock": 9}]}); s = w.offered(a, status="open") or w.stock(a)
    must(r.status == 422 or s["available"] == 9, f"{r.status}: the product says initial_stock {r.json['variants'][0]['initial_stock']}, its stock {s['initial_stock']}, available {s['available']}")


@case("what there is little of, after a product is deleted, archived, renamed", "magento/magento2#26838, opensourcepos/opensourcepos#2807", "is what can be sold, or says what cannot")
def _(w):
    d, a, n = w.goods(2), w.goods(2), w.goods(2); w("DELETE", f"{V}/products/{d['id']}", token=w.admin); w.patch(a, {"status": "archived"}); w.patch(n, {"sku": w.sku("NEW")})
    for p in (d, a, n): w.offered(p["sku"], status="closed")
    time.sleep(2); low, cursor = {}, None
    while True:
        r = w("GET", V + "/stock?limit=100" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""), token=w.admin); low.update({x["sku"]: x for x in r.json["data"]}); cursor = r.json["next_cursor"]
        if not cursor: break
    kept = [word for word, p in (("deleted", d), ("archived", a), ("renamed", n)) if "status" not in low.get(p["sku"], {"status": ""})]; must(not kept, f"still listed, and told from others by nothing: {kept}")


@case("two variants that are alike", "woocommerce/woocommerce#26310, medusajs/medusa#4469", "refused: nobody can tell which one is meant")
def _(w):
    r = w.post_product(variants=[{"sku": w.sku(), "attributes": {"size": "M"}}, {"sku": w.sku(), "attributes": {"size": "M"}}])
    must(r.status == 422, r)


@case("two SKUs that differ in their case", "freeCodeCamp-Summer-Cohort-2026/catalog-service#72, magento/magento2#18803", "one product, found in either case")
def _(w):
    s = w.sku(); w.product(sku=s); r = w.post_product(sku=s.lower())
    must(r.status == 409, r)


@case("patches of different fields at once, without a condition", "BerriAI/litellm#37190", "none is lost")
def _(w):
    p, u = w.product(), w.user(); want = [{"title": "T " + tag()}, {"description": "D " + tag()}, {"price": money(4321)}, {"attributes": {"brand": "B"}}, {"images": ["https://img.example.com/1.jpg"]}]
    rs = parallel(5, lambda i: w.patch(p, want[i])); q = w.get(p); must(all(r.status == 200 for r in rs) and all(q[k] == v for b in want for k, v in b.items()), (rs, q))
    mine = [{"name": "N " + tag()}, {"profile": {"bio": "hi"}}, {"profile": {"phone": "+4930123456"}}, {"preferences": {"time_zone": "Europe/Berlin"}}]
    rs = parallel(4, lambda i: w("PATCH", V + "/users/me", mine[i], u.token)); me = w("GET", V + "/users/me", token=u.token).json
    must(all(r.status == 200 for r in rs) and me["name"] == mine[0]["name"] and me["profile"] == {"bio": "hi", "phone": "+4930123456"} and me["preferences"]["time_zone"] == "Europe/Berlin", (rs, me))


@case("a product made anew with the SKU of a deleted one", "magento/inventory#1083", "its stock is what its maker said, or the maker is told")
def _(w):
    p = w.goods(5); must(w("DELETE", f"{V}/products/{p['id']}", token=w.admin).status == 204, "not deleted"); w.offered(p["sku"], status="closed")
    q = w.product(sku=p["sku"], initial_stock=40); s = w.offered(p["sku"], product_id=q["id"], status="open")
    if s and s["available"] == 5 and w.get(q).get("initial_stock") == 40: raise Fault("the product says initial_stock 40, its stock says 5 of which 5 are available, and nobody was told")
    must(s and s["available"] in (40, 45), s)


@case("PUT that must not overwrite (If-None-Match: *)", "nodeSolidServer/node-solid-server#1431, jelmer/xandikos#23", "412, nothing changed (RFC 9110, 13.1.2)")
def _(w):
    p = w.product(title="First"); r = w("PUT", f"{V}/products/{p['id']}", {"title": "Second", "price": money(1)}, w.admin, {"if-none-match": "*"})
    must(r.status == 412 and w.get(p)["title"] == "First", f"{r.status}, and the title is {w.get(p)['title']!r}")


@case("PATCH of an account that must not be there (If-None-Match: *)", "ninenines/cowboy#1164", "412 (RFC 9110, 13.1.2)")
def _(w):
    u = w.user(); r = w("PATCH", V + "/users/me", {"name": "Overwritten"}, u.token, {"if-none-match": "*"}); must(r.status == 412, f"{r.status}, name {(r.json or {}).get('name')!r}")


@case("an ETag that a compressing proxy has made weak", "gravitee-io/gravitee-management-rest-api#349, fastify/fastify-etag#108", "304 for a GET; for a PATCH 412 (strong comparison)")
def _(w):
    p = w.product(); g = w("GET", f"{V}/products/{p['id']}"); e = g.headers["etag"]
    must(w("GET", f"{V}/products/{p['id']}", headers={"if-none-match": "W/" + e}).status == 304, "no 304")
    r = w.patch(p, {"title": "x"}, {"if-match": "W/" + e})
    must(r.status == 412, r)


@case("a stale If-Match where a stock is spread", "freeCodeCamp-Summer-Cohort-2026/catalog-service#11", "412: PUT honours If-Match, every resource has version and ETag")
def _(w):
    p = w.goods(); g = w("GET", f"{V}/stock/{p['sku']}", token=w.admin); r = w("PUT", f"{V}/stock/{p['sku']}/buckets", {"count": 2}, w.admin, {"if-match": '"999"'})
    must(r.status == 412 and "etag" in g.headers and "version" in g.json, f"{r.status}; GET has ETag {g.headers.get('etag')}, version {g.json.get('version')}")


@case("a stale If-Match at the commands of an order", "saleor/saleor#8327", "412, the order as it was")
def _(w):
    u, p = w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json
    r = w("POST", f"{V}/orders/{o['id']}/cancel", {}, u.token, {"if-match": '"999"'})
    must(r.status == 412, r)


# ------------------------------------------------------------------------------------------------ products: names

@case("the slug of a title in Cyrillic", "vendurehq/vendure#1006, medusajs/medusa#15346", "says the title in Latin letters")
def _(w):
    p = w.product(title="Зелёный чай"); must(re.match(r"zel", p["slug"]), p["slug"])


@case("the slug of a title with accents", "saleor/saleor-storefront#950", "creme-brulee-…")
def _(w):
    p = w.product(title="Crème brûlée 500 ml"); must(p["slug"].startswith("creme-brulee-500-ml"), p["slug"])


@case("the slug of a category with umlauts", "documenso/documenso#2544", "says its name")
def _(w):
    n = tag(); c = w.category(f"Für Männer {n}"); must(c["slug"].endswith(f"manner-{n}") or "maenner" in c["slug"], c["slug"])


@case("two categories that differ in their umlauts only", "vendurehq/vendure#2721", "each is told by its slug")
def _(w):
    n = tag(); a, b = w.category(f"Tee für Kinder {n}"), w.category(f"Tee für Männer {n}"); must(a["slug"] != b["slug"] and "kinder" in a["slug"] and ("manner" in b["slug"] or "maenner" in b["slug"]), (a["slug"], b["slug"]))


@case("the slug of a title in Chinese, and of emoji", "medusajs/medusa#15346", "there is one, and it leads to the product")
def _(w):
    for t in ("绿茶", "🎁🎁", "!!!"):
        p = w.product(title=t); must(p["slug"] and w("GET", f"{V}/products/by-slug/{p['slug']}").status == 200, (t, p["slug"]))


@case("the slug of a long title", "otoDB/otoDB#252, sindresorhus/slugify#51", "begins as the title does, and is cut behind a word")
def _(w):
    t = "Alabaster bookends carved deep eastern forests gathering hollow ivory jade kernels lavender maple nutmeg olive pepper quince"; s = w.product(title=t)["slug"]; must(s.startswith("alabaster-bookends-"), s)


@case("a category's name whose hundredth sign is a hyphen", "open-gsd/gsd-core#2849, JSONbored/loopover#2913", "a slug made of the name, cut")
def _(w):
    n = "a" * 91 + tag() + " b and more"; c = w.category(n); must(c["slug"].startswith("aaaa"), c["slug"])


@case("a slug that is taken", "firegento/FireGento_ExtendedImport2#25", "409 slug_taken; the same one under another parent is free")
def _(w):
    s = "s" + tag(); w.product(slug=s); r = w.post_product(slug=s); must(r.status == 409 and code(r) == "slug_taken", r)
    a, b = w.category(), w.category(); w.category(slug=s, parent_id=a["id"]); w.category(slug=s, parent_id=b["id"])


@case("a SKU with spaces around it", "magento-engcom/import-export-improvements#37", "is the SKU without them: 409 for the second")
def _(w):
    s = w.sku(); w.product(sku=f" {s} "); r = w.post_product(sku=s); must(r.status == 409, r)


@case("a SKU with slashes and a percent sign, in a path", "magento/magento2#13343, amzn/selling-partner-api-models#1100", "reached when encoded, once")
def _(w):
    for s in (f"A/B-{tag()}", f"50%-{tag()}", f"A+B?{tag()}", f"x%2Fy-{tag()}"):
        w.product(sku=s, initial_stock=3); must(w.offered(s, available=3), s)
        r = w("POST", f"{V}/stock/{urllib.parse.quote(s, safe='')}", {"change": 2, "reason": "count"}, w.admin, key()); must(r.status == 200 and r.json["available"] == 5, (s, r))


@case("a picture whose address has letters of Russia, or a space", "woocommerce/google-listings-and-ads#1582, nostra13/Android-Universal-Image-Loader#31", "taken, and stored percent-encoded")
def _(w):
    seen = {u: w.post_product(images=[u]).status for u in ("https://img.example.com/чай.jpg", "https://img.example.com/green tea.jpg", "https://bücher.example/1.jpg", "https://img.example.com/%D1%87%D0%B0%D0%B9.jpg", "HTTPS://img.example.com/a.jpg", "https://img.example.com/a b")}
    must(set(seen.values()) == {201}, seen)


# ------------------------------------------------------------------------------------------------ products: lists and search

@case("products of one price, a page of one at a time", "openkruise/agents#581, prisma/orm#16991", "each once, in either order")
def _(w):
    c = w.category(); ids = {w.product(price=money(777), category_ids=[c["id"]])["id"] for _ in range(7)}
    for sort in ("price", "-price", "title", "-created_at"):
        def walk():
            got, cursor = [], None
            while True:
                r = w("GET", f"{V}/categories/{c['id']}/products?sort={sort}&limit=1" + (f"&cursor={cursor}" if cursor else ""), token=w.admin); got += [p["id"] for p in r.json["data"]]; cursor = r.json["next_cursor"]
                if not cursor: return got
        must(until(lambda: len(walk()) == 7, 5), (sort, len(walk()))); got = walk(); must(len(set(got)) == 7 and set(got) == ids, (sort, got))


@case("the product at the cursor is deleted, another comes in before it", "prisma/orm#16991", "the next page goes on, nothing twice, nothing left out")
def _(w):
    c = w.category(); ps = [w.product(price=money(100 + i), category_ids=[c["id"]]) for i in range(6)]; url = f"{V}/categories/{c['id']}/products?sort=price&limit=3"
    must(until(lambda: len(w("GET", f"{V}/categories/{c['id']}/products?limit=50", token=w.admin).json["data"]) == 6, 6), "not listed")
    a = w("GET", url, token=w.admin).json; w("DELETE", f"{V}/products/{ps[2]['id']}", token=w.admin); w.product(price=money(50), category_ids=[c["id"]]); time.sleep(1)
    b = w("GET", f"{url}&cursor={a['next_cursor']}", token=w.admin).json; must([p["id"] for p in b["data"]] == [p["id"] for p in ps[3:]], b)


@case("a most price of thirteen digits", "woocommerce/woocommerce#24945", "leaves nothing out")
def _(w):
    s = w.sku(); w.product(sku=s, price=money(250_000_000_000, "IRR")); must(w.seen(s, sort="price", currency="IRR"), "not listed at all")
    must(w.seen(s, sort="price", currency="IRR", price_lte=999_999_999_999), "not up to 999,999,999,999"); must(w.seen(s, sort="price", currency="IRR", price_lte=1_000_000_000_000), "not up to 1,000,000,000,000")


@case("a least price of thirteen digits", "wp-graphql/wp-graphql-woocommerce#887", "shows nothing that is cheaper")
def _(w):
    s = w.sku(); w.product(sku=s, price=money(999_999_999_998, "IRR")); must(w.seen(s, sort="price", currency="IRR"), "not listed at all")
    must(w.seen(s, False, sort="price", currency="IRR", price_gte=5_000_000_000_000), "shown at 5,000,000,000,000 and more")


@case("a word behind the eighth of a long title", "kallepersson/tabswitcher#18, shopware/shopware#4188", "finds the product")
def _(w):
    n = tag(); s = w.sku(); w.product(sku=s, title=f"Aurora X20 Pro 5G 256 GB titanium black smartphone dualsim {n}")
    must(w.seen(s, q="Aurora"), "not found by its first word"); bad = [q for q in ("titanium", "black", "smartphone", "dualsim", n) if not w.seen(s, q=q)]; must(not bad, f"not found by {bad}")


@case("a title in Cyrillic of eighty letters, by its last word", "kallepersson/tabswitcher#18", "found")
def _(w):
    s, last = w.sku(), "ю" + "бвгд"[int(tag(1), 16) % 4] * 5; w.product(sku=s, title=f"Электрический чайник керамический большой белоснежный {last}"); must(w.seen(s, q="Электрический"), "not by the first"); must(w.seen(s, q=last), "not by the last")


@case("the eleventh variant's SKU, in a search", "medusajs/medusa#15239, saleor/saleor#4531", "finds the product")
def _(w):
    skus = [w.sku(f"V{i:02}") for i in range(14)]; p = w.product(variants=[{"sku": s} for s in skus]); must(w.seen(p["sku"], q=skus[0]), "not by the first")
    bad = [s for s in skus if not w.seen(p["sku"], q=s)]; must(not bad, f"not found by {len(bad)} of 14: {bad[:3]}")


@case("a title composed, looked for decomposed", "sillsdev/web-languageforge#64, openfoodfacts/search-a-licious#426", "found, both ways")
def _(w):
    n, a, b = tag(), w.sku(), w.sku(); w.product(sku=a, title=f"Café{n} crème"); w.product(sku=b, title=f"Cafe\u0301{n} cre\u0300me")
    bad = [f"{how} by {q!r}" for s, how in ((a, "composed"), (b, "decomposed")) for q in (f"Café{n}", f"Cafe\u0301{n}") if not w.seen(s, q=q)]; must(not bad, "not found: " + ", ".join(bad))


@case("a title in Greek capitals, by its beginning", "4gray/iptvnator#1310", "found")
def _(w):
    s = w.sku(); w.product(sku=s, title="ΚΟΣΜΟΣ " + tag()); bad = [q for q in ("ΚΟΣ", "κοσ", "ΚΟΣΜΟΣ", "κοσμος") if not w.seen(s, q=q)]; must(not bad, f"not found by {bad}")


@case("a word without its accents", "ecomplus/storefront#428", "finds the one with them")
def _(w):
    s = w.sku(); w.product(sku=s, title="Brûlée " + tag()); must(w.seen(s, q="Brûlée"), "not at all")
    must(w.seen(s, q="brulee"), "not without them")


@case("a Chinese word at the beginning of a title", "meilisearch/meilisearch#3769", "finds it: a search is for how words begin, and Chinese puts nothing between words")
def _(w):
    s = w.sku(); w.product(sku=s, title="特级绿茶礼盒"); must(w.seen(s, q="特级"), "not by its beginning")


@case("an empty search", "opengeospatial/ogcapi-records#150, viur-framework/server#105", "one answer in every list: 400, or as if it were not there")
def _(w):
    w.product(); a = w("GET", V + "/products?q=&limit=5", token=w.admin); b = w("GET", V + "/users?q=&limit=5", token=w.admin)
    n = lambda r: f"{r.status} with {len((r.json or {}).get('data', []))}"
    must(a.status == b.status and bool((a.json or {}).get("data")) == bool((b.json or {}).get("data")), f"products {n(a)}, accounts {n(b)}")


@case("empty filters", "viur-framework/server#105", "as if they were not given")
def _(w):
    w.product(attributes={"brand": "***"}); must(w.products(sku="no-such-sku").json["data"] == [], "a filter that is ignored")
    for path, names in (("products", ("q", "brand", "color", "material", "size", "sku", "status", "currency", "price_gte", "price_lte", "sort", "limit", "cursor")), ("users", ("q", "email", "role", "status", "limit", "cursor")), ("orders", ("status", "created_after", "created_before", "limit", "cursor"))):
        for name in names:
            r = w("GET", f"{V}/{path}?{name}=", token=w.admin); must(r.status == 200 and (r.json["data"] or path == "orders"), (path, name, r))


@case("an attribute AM3 and one AM3+", "saleor/saleor#5132", "are two values: a list shows what has its own")
def _(w):
    n = tag(); a, b = w.sku(), w.sku(); w.product(sku=a, attributes={"size": f"AM3 {n}"}); w.product(sku=b, attributes={"size": f"AM3+ {n}"})
    must(w.seen(a, size=f"AM3 {n}") and w.seen(b, size=f"AM3+ {n}"), "not shown at all"); got = {q: sorted(p["sku"] for p in w.listed(size=f"{q} {n}")) for q in ("AM3", "AM3+")}
    must(got == {"AM3": [a], "AM3+": [b]}, {q: len(v) for q, v in got.items()})


@case("sizes 1/2, 1-2 and 1.2", "BitBagCommerce/SyliusElasticsearchPlugin#35", "are three values")
def _(w):
    n = tag(); vs = ("1/2", "1-2", "1.2", "-1 2"); skus = {v: w.product(attributes={"size": f"{v} in {n}"})["sku"] for v in vs}
    for v in vs: w.seen(skus[v], size=f"{v} in {n}")
    got = {v: len(w.listed(size=f"{v} in {n}")) for v in vs}; must(all(x == 1 for x in got.values()), got)


@case("a brand of 150 letters, and one that ends otherwise", "saleor/saleor#5132", "are two brands")
def _(w):
    a, b = w.sku(), w.sku(); base = "b" * 130 + tag(); w.product(sku=a, attributes={"brand": base + " one"}); w.product(sku=b, attributes={"brand": base + " two"})
    w.seen(a, brand=base + " one"); w.seen(b, brand=base + " two"); got = len(w.listed(brand=base + " one")); must(got == 1, f"{got} under the name of one")


@case("a filter or an order that nobody knows", "intuitem/ciso-assistant-community#4701, api-platform/core#42", "400, nothing is ignored")
def _(w):
    for q in ("colour=red", "sort=popularity", "price_lt=5", "page=2", "limit=1000", "status=all"):
        must(w("GET", f"{V}/products?{q}", token=w.admin).status == 400, q)


# ------------------------------------------------------------------------------------------------ products: imports

@case("a row of an import names a variant's SKU", "commercetools/sphere-node-product-csv-sync#107, woocommerce/woocommerce#37437", "the variant changes, or the row is refused: not the product that it belongs to")
def _(w):
    v = w.sku("VAR"); p = w.product(title="Family tea", price=money(1000), variants=[{"sku": v, "title": "100 g", "price": money(400)}, {"sku": w.sku("VAR")}])
    s, r = w.upload(f"sku,title,price,currency\n{v},Tea 100 g,450,EUR\n"); q = w.get(p)
    must(q["sku"] == p["sku"] and q["title"] == "Family tea" and q["price"]["amount"] == 1000, f"the product is now {q['sku']!r}, {q['title']!r}, {q['price']['amount']} (the variant's SKU is {v!r}, its price {q['variants'][0]['price']['amount']}); report {r and (r['updated'], r['failed'])}")


@case("an import that says `categories` in one text", "medusajs/medusa#13397, PrestaShop/PrestaShop#34601", "the row is refused, or the text is a path: no category is lost")
def _(w):
    c = w.category(slug="c" + tag()); p = w.product(category_ids=[c["id"]])
    s, r = w.upload(json.dumps({"sku": p["sku"], "categories": c["slug"]}) + "\n", "application/x-ndjson"); q = w.get(p)
    must(q["category_ids"] == [c["id"]], f"categories now {q['category_ids']}, report updated {r['updated']} failed {r['failed']}")


@case("an import that says nothing of categories", "PrestaShop/PrestaShop#22336", "leaves them")
def _(w):
    c = w.category(); p = w.product(category_ids=[c["id"]]); w.upload(f"sku,title\n{p['sku']},Another title\n"); q = w.get(p); must(q["category_ids"] == [c["id"]] and q["title"] == "Another title", q)


@case("an import of one attribute", "medusajs/medusa#13397", "changes what it names, keeps the others")
def _(w):
    p = w.product(attributes={"brand": "Agora", "color": "red"}); w.upload(f"sku,attributes.color\n{p['sku']},blue\n"); must(w.get(p)["attributes"] == {"brand": "Agora", "color": "blue"}, w.get(p)["attributes"])


def two_rows(w, sku):
    """A sku in the rows 25 and 26, and 24 others on either side."""
    fill = lambda: [f"{w.sku('R')},filler,1,EUR" for _ in range(24)]
    st, r = w.upload("sku,title,price,currency\n" + "\n".join(fill() + [f"{sku},first,100,EUR", f"{sku},last,200,EUR"] + fill()) + "\n")
    q = w.find(sku); return (q and q["title"]), r["failed"]


@case("a price list: SKU and price, no currency", "loopbackio/loopback-next#5074", "changes the price, keeps the currency")
def _(w):
    p = w.product(price=money(890, "USD")); st, r = w.upload(f"sku,price\n{p['sku']},950\n"); must(r["updated"] == 1 and w.get(p)["price"] == money(950, "USD"), f"updated {r['updated']}, failed {r['failed']}: {[(f['pointer'], f['code']) for f in r['failures']]}")


@case("a new SKU in two rows, one after the other", "magento/magento2#6380, akeneo/pim-community-dev#5571", "the last one counts, none fails, each time")
def _(w):
    seen = [two_rows(w, w.sku("TWICE")) for _ in range(5)]; bad = [x for x in seen if x != ("last", 0)]; must(not bad, f"{len(bad)} of 5: {bad}")


@case("an existing SKU in two rows, one after the other", "ergonode/backend#1376, magento/magento2#6380", "the last one counts, each time")
def _(w):
    seen = [two_rows(w, w.product()["sku"]) for _ in range(5)]; bad = [x for x in seen if x != ("last", 0)]; must(not bad, f"{len(bad)} of 5: {bad}")


@case("two imports of the same new SKUs at once", "akeneo/pim-community-dev#6363, woocommerce/woocommerce#27295", "each row makes a product or changes it: none fails")
def _(w):
    bad = []
    for _ in range(3):
        skus = [w.sku() for _ in range(40)]; table = lambda word, order: "sku,title,price,currency\n" + "\n".join(f"{s},{word} {s},100,EUR" for s in order) + "\n"
        rs = parallel(2, lambda i: w.upload(table("AB"[i], skus if i else skus[::-1]))); bad += [f["code"] for _, r in rs for f in r["failures"]]
    must(not bad, f"{len(bad)} rows of 240 failed as {sorted(set(bad))}, for SKUs that the other import had just made")


@case("rows of nothing but commas, as Excel leaves them", "microsoft/AzureStorageExplorer#3136, firefly-iii/firefly-iii#691", "passed over, as empty lines are")
def _(w):
    st, r = w.upload(f"sku,title,price,currency\n{w.sku()},Tea,1,EUR\n,,,\n,,,\n{w.sku()},Tea,1,EUR\n"); must((r["created"], r["failed"]) == (2, 0), f"created {r['created']}, failed {r['failed']}: {[(f['row'], f['pointer'], f['code']) for f in r['failures']]}")


@case("a heading in capitals", "woocommerce/woocommerce#33481", "read: names of columns are compared without case")
def _(w):
    st, r = w.upload(f"SKU,Title,Price,Currency\n{w.sku()},Tea,1,EUR\n")
    must(st == 202 and r["created"] == 1, r)


@case("a CSV as Excel saves it: byte order mark and CRLF", "Agence-DnD/PIMGento#215, openfoodfoundation/openfoodnetwork#3448", "read")
def _(w):
    s = w.sku(); st, r = w.upload(BOM + f"sku,title,price,currency\r\n{s},Tea,890,EUR\r\n".encode()); must(st == 202 and r["created"] == 1, r)


@case("JSON lines with a byte order mark", "Badgerati/Pode#1604", "read")
def _(w):
    a, b = w.sku(), w.sku(); row = lambda s: json.dumps({"sku": s, "title": "Tea", "price": money(890)}) + "\r\n"
    st, r = w.upload(BOM + (row(a) + row(b)).encode(), "application/x-ndjson"); must(r["created"] == 2, f"created {r['created']}, failed {r['failed']}: {r['failures']}")


@case("a description of two lines in a cell, CRLF between them", "canonical/snapcraft.io#486", "read")
def _(w):
    s = w.sku(); st, r = w.upload(f'sku,title,price,currency,description\r\n{s},Tea,890,EUR,"Black tea.\r\nWith bergamot."\r\n'); must(r["created"] == 1, r["failures"])


@case("semicolons between the columns", "woocommerce/woocommerce#33481, oroinc/crm#96", "read: the heading tells the delimiter")
def _(w):
    s = w.sku(); st, r = w.upload(f"sku;title;price;currency\n{s};Tea;890;EUR\n")
    must(st == 202 and r["created"] == 1, r)


@case("Excel's first line sep=,", "shancarter/mr-data-converter#52", "passed over")
def _(w):
    s = w.sku(); st, r = w.upload(f"sep=,\nsku,title,price,currency\n{s},Tea,890,EUR\n")
    must(st == 202 and r["created"] == 1, r)


@case("a column twice in the heading", "pretix/pretix#5681, C2FO/fast-csv#276", "refused: nothing is ignored")
def _(w):
    s = w.sku(); st, r = w.upload(f"sku,title,title,price,currency\n{s},First,Second,890,EUR\n"); q = w.find(s)
    must(st == 422 or (r["created"] == 0 and r["failed"] == 1), f"created with title {q and q['title']!r}")


@case("a row that names a currency and no price", "XiaoFaye/WooCommerce.NET#743", "refused, or the price gets it: nothing is ignored")
def _(w):
    p = w.product(price=money(890)); st, r = w.upload(f"sku,currency\n{p['sku']},USD\n"); must(r["failed"] == 1 or w.get(p)["price"]["currency"] == "USD", f"unchanged {r['unchanged']}, failed {r['failed']}, price {w.get(p)['price']}")


@case("a SKU that is a number, in JSON lines", "magento/magento2#6559, akeneo-labs/ExcelConnectorBundle#12", "a fault that says what it is: another type")
def _(w):
    st, r = w.upload('{"sku": 4006381333931, "title": "Tea", "price": {"amount": 1, "currency": "EUR"}}\n', "application/x-ndjson"); f = r["failures"][0]; must((f["pointer"], f["code"]) == ("/sku", "wrong_type"), (f["pointer"], f["code"], f["detail"]))


@case("a row with a cell too few, one too many, one in another encoding", "alphagov/search-api#3399", "each fails alone, and its number is told")
def _(w):
    a, b = w.sku(), w.sku(); data = f"sku,title,price,currency\n{a},Tea,1,EUR\nX1,few\nX2,a,1,EUR,more\n".encode() + b"X3,\xd7\xe0\xe9,1,EUR\n" + f"{b},Tea,1,EUR\n".encode()
    st, r = w.upload(data); must((r["created"], r["failed"], [f["row"] for f in r["failures"]]) == (2, 3, [2, 3, 4]), r)


@case("prices with a comma, a dot, a sign of a currency", "oc-shopaholic/oc-shopaholic-plugin#312", "each is a fault, none is cut")
def _(w):
    rows = "".join(f'{w.sku()},Tea,"{p}",EUR\n' for p in ("1 450", "1,450", "14.50", "€14", "1e3", "-5", "999999999999999999999")); st, r = w.upload("sku,title,price,currency\n" + rows); must((r["created"], r["failed"]) == (0, 7), r)


@case("a page of the catalogue exported, and imported as it is", "dotCMS/core#36508", "changes nothing")
def _(w):
    p = w.product(description="As it is.", attributes={"brand": "Agora"}); e = w("GET", V + "/products/export?limit=100", token=w.admin).json["data"]; row = next((x for x in e if x["id"] == p["id"]), None) or w.get(p)
    st, r = w.upload(json.dumps(row) + "\n", "application/x-ndjson")
    must(r["unchanged"] == 1, r)


@case("a product is withdrawn while all are exported", "openlinker-project/openlinker#2656, lrakauskas/tether-core#3", "is in the export, once: every product, whole")
def _(w):
    w.product(); page, seen, cursor, moved = w.products(sort="-created_at", limit=100).json, [], None, False
    while page["next_cursor"]: page = w.products(sort="-created_at", limit=100, cursor=page["next_cursor"]).json
    oldest = page["data"][-1]
    while True:
        r = w("GET", V + "/products/export?limit=100" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""), token=w.admin).json; seen += [x["id"] for x in r["data"]]; cursor = r["next_cursor"]
        if not moved and cursor and oldest["id"] not in seen and r["data"][-1]["status"] == "active": moved = True; w.patch(oldest, {"status": "draft"}); time.sleep(1)
        if not cursor: break
    w.patch(oldest, {"status": "active"})
    must(moved, "the export has only one page")
    must(seen.count(oldest["id"]) == 1, f"{seen.count(oldest['id'])} times: it went from those for sale to the drafts, which were through already")


# ------------------------------------------------------------------------------------------------ categories

@case("a category with something in it is deleted", "Sylius/Sylius#3855, saleor/saleor#1928", "409; with cascade the products stay, and lose it")
def _(w):
    a = w.category(); b = w.category(parent_id=a["id"]); p = w.product(category_ids=[b["id"]]); d = lambda c, m="": w("DELETE", f"{V}/categories/{c['id']}{m}", token=w.admin)
    must(d(a).status == 409 and d(b).status == 409, "not refused"); must(d(a, "?mode=cascade").status == 204, "no cascade")
    must(until(lambda: w.get(p)["category_ids"] == [], 10), w.get(p)["category_ids"]); must(w("GET", f"{V}/categories/{b['id']}", token=w.admin).status == 404, "the child is still there")


@case("a category moves into what is below it, and two into each other at once", "medusajs/medusa#9769", "409, no circle ever")
def _(w):
    a = w.category(); b = w.category(parent_id=a["id"]); m = lambda x, y: w("POST", f"{V}/categories/{x['id']}/move", {"parent_id": y and y["id"]}, w.admin)
    must(m(a, b).status == 409 and m(a, a).status == 409, "a circle")
    for _ in range(4):
        x, y = w.category(), w.category(); rs = parallel(2, lambda i: m(*((x, y) if i else (y, x)))); must(sorted(r.status for r in rs) == [200, 409], rs)


@case("a category is deleted while a product comes into it", "Saluki/barmate#4, luckydye/vektor#111", "one of the two is refused; no product is in what is not there")
def _(w):
    for i in range(6):
        c = w.category(); do = [lambda: w.post_product(category_ids=[c["id"]]), lambda: w("DELETE", f"{V}/categories/{c['id']}", token=w.admin)]; rs = parallel(2, lambda j: do[j ^ (i & 1)]()); made, gone = rs[i & 1], rs[1 - (i & 1)]
        must((made.status, gone.status) in ((201, 409), (422, 204)), (made, gone))


@case("siblings are moved at once, and very often", "medusajs/medusa#4474", "each stands once, in the order that was asked for")
def _(w):
    c = w.category(); a, *others = [w.category(f"K{i} " + tag(), parent_id=c["id"]) for i in range(4)]; move = lambda k: w("POST", f"{V}/categories/{k['id']}/move", {"parent_id": c["id"], "before": a["id"]}, w.admin)
    kids = lambda: [x["id"] for x in w("GET", f"{V}/categories/{c['id']}/children", token=w.admin).json["data"]]
    rs = parallel(3, lambda i: move(others[i])); must(all(r.status == 200 for r in rs) and len(set(kids())) == 4 and kids()[-1] == a["id"], (rs, kids()))
    for i in range(60): must(move(others[i % 3]).status == 200, "a move")
    must(kids() == [k["id"] for k in others] + [a["id"]], kids())


@case("a product that is in a category and in one below it, counted", "zencart/zencart#5910, wp-e-commerce/WP-e-Commerce#759", "counts twice, as the documents say; the list has it once")
def _(w):
    c = w.category(); d = w.category(parent_id=c["id"]); w.product(category_ids=[c["id"], d["id"]]); n = until(lambda: w("GET", f"{V}/categories/{c['id']}", token=w.admin).json.get("total_product_count"), 70, 2)
    must(n == 2, n)
    must(len(w("GET", f"{V}/categories/{c['id']}/products", token=w.admin).json["data"]) == 1, "the list has it twice")


@case("the main category of a product is deleted", "Sylius/Sylius#11277", "another of its categories, or none, is the main one")
def _(w):
    a, b = w.category(), w.category(); p = w.product(category_ids=[a["id"], b["id"]], primary_category_id=a["id"]); w("DELETE", f"{V}/categories/{a['id']}?mode=cascade", token=w.admin)
    must(until(lambda: (lambda q: q["category_ids"] == [b["id"]] and q["primary_category_id"] in (b["id"], None))(w.get(p)), 10), w.get(p)); must(w.patch(w.get(p), {"title": "Still good"}).status == 200, "cannot be changed any more")


# ------------------------------------------------------------------------------------------------ money

@case("prices below nothing, in fractions, and beyond", "medusajs/medusa#16809", "422")
def _(w):
    for a in (-1, 19.99, "1999", None, True, 10**12, 10**400 if False else 1e300): must(w.post_product(price=money(a)).status == 422, a)


@case("a whole number with a point: 1999.0 and 1e3", "python-jsonschema/jsonschema#1386, pb33f/libopenapi-validator#319", "422: an amount is written in digits, without a fraction or an exponent")
def _(w):
    seen = {n: w("POST", V + "/products", token=w.admin, headers=key(), raw=f'{{"title":"Tea","price":{{"amount":{n},"currency":"EUR"}}}}'.encode()).status for n in ("1999.0", "1e3", "-0")}
    must(set(seen.values()) == {422}, seen)


@case("an order in yen and one in dinars, in the mail", "calcom/cal.diy#29984, Automattic/woocommerce-payments#3381", "1500 JPY, 1.500 KWD")
def _(w):
    for cur, text in (("JPY", "1500 JPY"), ("KWD", "1.500 KWD"), ("CLP", "1500 CLP"), ("TND", "1.500 TND")):
        u, p = w.user(), w.goods(price=money(1500, cur)); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json; must(w.act(o, "confirm").status == 200, cur); m = w.mails(u.email, word=o["id"]); must(m and text in m[0]["text"], m and m[0]["text"])


@case("an order of two currencies", "woocommerce/woocommerce#17166", "422 mixed_currencies")
def _(w):
    u, a, b = w.user(), w.goods(price=money(5)), w.goods(price=money(5, "USD")); r = w.order(u, [{"sku": x["sku"], "quantity": 1} for x in (a, b)]); must(r.status == 422 and "mixed_currencies" in str(codes(r)), r)


# ------------------------------------------------------------------------------------------------ orders

@case("quantities that are none", "medusajs/medusa#13508, HiEventsDev/Hi.Events#1231", "422, nothing reserved")
def _(w):
    u, p = w.user(), w.goods(10)
    for q in (0, -1, -0.0, 0.5, "2", None, True, [1], 100_001, 2**32 + 1, 2**63, 1e99): r = w.order(u, [{"sku": p["sku"], "quantity": q}]); must(r.status == 422, (q, r))
    must(w.stock(p["sku"])["available"] == 10, w.stock(p["sku"]))


@case("one SKU in several lines, and by its product's id", "medusajs/medusa#16502, craftcms/commerce#3990", "is one line; the sum is what must be there")
def _(w):
    u, p = w.user(), w.goods(5); l = lambda q: {"sku": p["sku"], "quantity": q}
    must(w.order(u, [l(3), l(3)]).status == 409, "oversold"); r = w.order(u, [l(2), {"product_id": p["id"], "quantity": 2}]); must(r.status == 201 and len(r.json["lines"]) == 1 and r.json["lines"][0]["quantity"] == 4, r)


@case("a price that changed between the look and the order", "spree/spree#11801, shopware/shopware#1741", "409 price_changed for who said what they expect; the order keeps its price later")
def _(w):
    u, p = w.user(), w.goods(price=money(1000)); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json; w.patch(p, {"price": money(1300)}); must(w.offered(p["sku"], price=money(1300)), "never told")
    r = w.order(u, [{"sku": p["sku"], "quantity": 1, "expected_unit_price": money(1000)}]); must(r.status == 409 and code(r) == "price_changed", r); must(w.act(o, "confirm").json["total"] == money(1000), "another total")


@case("a product that is archived or deleted is ordered, and one that was ordered before is paid", "odoo/odoo#213656, polarsource/polar#4621", "422 for the new, 200 for the old")
def _(w):
    for end in ("archive", "delete"):
        u, p = w.user(), w.goods(5); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json
        w.patch(p, {"status": "archived"}) if end == "archive" else w("DELETE", f"{V}/products/{p['id']}", token=w.admin); must(w.offered(p["sku"], status="closed"), "still open")
        must(w.order(u, [{"sku": p["sku"], "quantity": 1}]).status == 422, end + ": ordered"); must(w.act(o, "confirm").status == 200, end + ": not paid")


@case("cancelled after it was sent, cancelled twice, refunded twice at once", "saleor/saleor#8327, reactioncommerce/reaction#3678", "409, and the goods come back once")
def _(w):
    u, p = w.user(), w.goods(10); line = [{"sku": p["sku"], "quantity": 2}]
    o = w.order(u, line).json; w.act(o, "confirm"); w.act(o, "fulfil"); must(w.act(o, "cancel").status == 409, "cancelled after it was sent")
    rs = parallel(4, lambda i: w.act(o, "refund", {"restock": True})); must(sorted(r.status for r in rs) == [200, 409, 409, 409], rs); must(w.stock(p["sku"])["available"] == 10, w.stock(p["sku"]))
    o = w.order(u, line).json; rs = parallel(4, lambda i: w.act(o, "cancel")); must(sorted(r.status for r in rs) == [200, 409, 409, 409], rs); must(w.stock(p["sku"])["available"] == 10, w.stock(p["sku"]))


@case("a stock is changed by ten at once, while others order", "medusajs/medusa#16576, nopSolutions/nopCommerce#8085", "no change is lost, nothing is sold twice")
def _(w):
    u, p = w.user(), w.goods(20); a = w.admin
    def one(i): return w("POST", f"{V}/stock/{p['sku']}", {"change": 1, "reason": "count"}, a, key()) if i % 2 else w.order(u, [{"sku": p["sku"], "quantity": 2}])
    rs = parallel(20, one); ok = [r.status for r in rs]; sold = ok[0::2].count(201) * 2; up = ok[1::2].count(200); s = w.stock(p["sku"]); must(s["available"] == 20 + up - sold and s["reserved"] == sold and not any(x >= 500 and x != 503 for x in ok), (ok, s))


@case("twenty buyers for the last five", "medusajs/medusa#16569, vendurehq/vendure#3508", "five orders")
def _(w):
    u, p = w.user(), w.goods(5); rs = parallel(20, lambda i: w.order(u, [{"sku": p["sku"], "quantity": 1}])); ok = [r.status for r in rs]; must(ok.count(201) == 5 and w.stock(p["sku"])["available"] == 0 and all(x in (201, 409, 503) for x in ok), ok)


@case("the address of an order is patched in part", "clay/amphora#561", "the rest stays (RFC 7396)")
def _(w):
    u, p = w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}], shipping_address={"street": "1 Quay", "street2": "Flat 2", "city": "Cork", "country": "IE"}).json
    r = w("PATCH", f"{V}/orders/{o['id']}", {"shipping_address": {"city": "Kinsale", "street2": None}}, u.token); must(r.status == 200 and r.json["shipping_address"] == {"street": "1 Quay", "city": "Kinsale", "country": "IE"}, r)


@case("an account with a paid order is deleted", "lunarphp/lunar#2395, openfoodfoundation/openfoodnetwork#621", "204; the order is there, without the address; the e-mail is free")
def _(w):
    u, p = w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}], note="Ring.", shipping_address={"street": "1 Quay", "city": "Cork", "country": "IE"}).json; w.act(o, "confirm"); w.act(o, "fulfil")
    must(w("DELETE", V + "/users/me", token=u.token).status == 204, "not deleted"); g = lambda: w("GET", f"{V}/orders/{o['id']}", token=w.admin)
    must(until(lambda: g().status == 200 and g().json["shipping_address"] is None and g().json["note"] is None, 10), g()); must(w.register(u.email).status == 201, "the address is not free")


@case("the orders of others", "SeedCompany/cord-api-v3#665", "404 in every verb")
def _(w):
    u, x, p = w.user(), w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json; path = f"{V}/orders/{o['id']}"
    for m, t, b in (("GET", path, None), ("PATCH", path, {"note": "x"}), ("POST", path + "/cancel", {}), ("GET", path + "/history", None), ("GET", f"{V}/order/{o['id']}", None)): must(w(m, t, b, x.token).status == 404, (m, t))


@case("orders between two moments of another time zone, a plus not encoded", "SevenSpikes/api-plugin-for-nopcommerce#62, bigcommerce/api#121", "found when encoded; else 400, never a wrong list")
def _(w):
    u, p = w.user(), w.goods(); o = w.order(u, [{"sku": p["sku"], "quantity": 1}]).json; q = lambda s: w("GET", V + "/orders?" + s, token=u.token); has = lambda r: r.status == 200 and o["id"] in [x["id"] for x in r.json["data"]]
    must(until(lambda: has(q("created_after=2020-01-01T00:00:00%2B03:00&created_before=2999-01-01T00:00:00Z")), 5), "not found"); must(q("created_after=2020-01-01T00:00:00+03:00").status == 400, "not 400")
    must(has(q("created_after=1900-01-01T00:00:00Z")) and has(q("created_before=9999-12-30T00:00:00Z")), "the ends of time"); r = q("created_after=2999-01-01T00:00:00Z&created_before=2020-01-01T00:00:00Z"); must(r.status == 200 and r.json["data"] == [], r)


# ------------------------------------------------------------------------------------------------ requests that come again

@case("a product made with a key, deleted, asked for again", "adcontextprotocol/adcp#7575, aep-dev/aeps#77", "the first answer again, or one that says it is gone: no 5xx that asks to try again")
def _(w):
    k, body = key(), {"title": "Once " + tag(), "price": money(1)}; p = w("POST", V + "/products", body, w.admin, k).json; w("DELETE", f"{V}/products/{p['id']}", token=w.admin)
    r = w("POST", V + "/products", body, w.admin, k); must(r.status < 500, f"{r.status} {code(r)} retry-after {r.headers.get('retry-after')}")


@case("a category made with a key, deleted, asked for again", "adcontextprotocol/adcp#7575", "no 5xx")
def _(w):
    k, body = key(), {"name": "Once " + tag()}; c = w("POST", V + "/categories", body, w.admin, k).json; w("DELETE", f"{V}/categories/{c['id']}", token=w.admin); r = w("POST", V + "/categories", body, w.admin, k); must(r.status < 500, f"{r.status} {code(r)}")


@case("an account made with a key, deleted, asked for again", "adcontextprotocol/adcp#7575", "no 5xx")
def _(w):
    k, body = key(), {"email": w.email("once"), "password": PW}; u = w("POST", V + "/users", body, w.admin, k).json; must(w("DELETE", f"{V}/users/{u['id']}", token=w.admin).status == 204, "not deleted")
    r = w("POST", V + "/users", body, w.admin, k); must(r.status < 500, f"{r.status} {code(r)}")


@case("an order with a key, deleted, asked for again", "adcontextprotocol/adcp#7575", "says that it is gone")
def _(w):
    u, p, k = w.user(), w.goods(), tag(20); line = [{"sku": p["sku"], "quantity": 1}]; o = w.order(u, line, k).json; w("DELETE", f"{V}/orders/{o['id']}", token=u.token); r = w.order(u, line, k); must(r.status == 409 and code(r) == "order_deleted", r)


@case("a product made with a key, changed, asked for again", "ietf-wg-httpapi/idempotency#2", "the first reply again")
def _(w):
    k, body = key(), {"title": "First " + tag(), "price": money(1)}; a = w("POST", V + "/products", body, w.admin, k); w.patch(a.json, {"title": "Changed"}); b = w("POST", V + "/products", body, w.admin, k)
    must(b.headers.get("idempotent-replayed") == "true" and b.json["id"] == a.json["id"], b); must(b.json == a.json, f"the title is {b.json['title']!r}, the version {b.json['version']}")


@case("one key, two people", "nensii21/devlink#773, arun0009/idempotent#217", "two orders")
def _(w):
    a, b, p, k = w.user(), w.user(), w.goods(), tag(20); line = [{"sku": p["sku"], "quantity": 1}]; x, y = w.order(a, line, k), w.order(b, line, k); must(x.status == y.status == 201 and x.json["id"] != y.json["id"] and y.json["user_id"] == b.id, (x, y))


@case("one key, other body; fields in another order; at once", "ietf-wg-httpapi/idempotency#3", "422; the same; one order")
def _(w):
    u, p, k = w.user(), w.goods(10), tag(20); l = {"sku": p["sku"], "quantity": 1}; rs = parallel(6, lambda i: w.order(u, [l], k)); must({r.status for r in rs} <= {201, 409} and len({r.json["id"] for r in rs if r.status == 201}) == 1, rs)
    must(w.order(u, [{"quantity": 1, "sku": p["sku"]}], k).status == 201 and w.order(u, [{**l, "quantity": 2}], k).status == 422 and w.stock(p["sku"])["reserved"] == 1, w.stock(p["sku"]))


@case("one key after a 422 and after a 409, corrected", "KanishJebaMathewM/Truxify#2885, ietf-wg-httpapi/idempotency#3", "is free")
def _(w):
    u, p, k = w.user(), w.goods(3), tag(20); bad = w.order(u, [{"sku": p["sku"], "quantity": 0}], k); short = w.order(u, [{"sku": p["sku"], "quantity": 9}], k); good = w.order(u, [{"sku": p["sku"], "quantity": 1}], k); must((bad.status, short.status, good.status) == (422, 409, 201), (bad, short, good))


# ------------------------------------------------------------------------------------------------ HTTP

@case("HEAD where there is GET", "letsencrypt/boulder#858, cloudflare/privacypass-issuer#16", "the same status and headers, no body")
def _(w):
    p = w.product()
    for path in ("/health", "/openapi.json", "/.well-known/jwks.json", V + "/products", f"{V}/products/{p['id']}", V + "/auth/me", V + "/orders"):
        t = None if path.count("/") < 3 else w.admin; g, h = w("GET", path, token=t), w("HEAD", path, token=t); must(h.status == g.status and h.raw == b"" and h.headers.get("content-type") == g.headers.get("content-type") and h.headers.get("etag") == g.headers.get("etag"), (path, h.status, g.status))


@case("a method that a path does not have", "restlet/restlet-framework-java#266", "405 with Allow, which also says HEAD")
def _(w):
    r = w("DELETE", V + "/products", token=w.admin); must(r.status == 405 and code(r) == "method_not_allowed" and "GET" in r.headers.get("allow", "") and "HEAD" in r.headers.get("allow", ""), (r.status, r.headers.get("allow")))


@case("OPTIONS without and with the questions of CORS", "zotonic/zotonic#3994", "no 4xx, no origin that was not allowed")
def _(w):
    r = w("OPTIONS", V + "/products"); must(r.status in (200, 204), r); r = w("OPTIONS", V + "/products", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}); must(r.status < 300 and "access-control-allow-origin" not in r.headers, r.headers)


@case("slashes at the end, two in the middle, a letter in per cent", "grayloon/magento-laravel-api#61", "the same route; 404 with a problem")
def _(w):
    must(w("GET", V + "/products/").status == 200 and w("GET", V + "/products/?limit=1").status == 200, "a slash at the end")
    for path in (f"/{V}/products", V + "//products", V + "/products/%00", V + "/products/%FF", V + "/products/..%2f..%2fusers", "/nowhere", "/" + "a" * 5000):
        r = w("GET", path); must(r.status == 404 and r.headers["content-type"].startswith("application/problem+json"), (path[:40], r))


@case("a body that is compressed", "anna-is-cute/paste#233, HarperFast/harper#1438", "415, which says that this coding is not taken (RFC 9110, 15.5.16)")
def _(w):
    raw = gzip.compress(json.dumps({"email": "a@example.com", "password": "x"}).encode()); r = w("POST", V + "/auth/login", raw=raw, headers={"content-encoding": "gzip"}); must(r.status == 415, f"{r.status} {code(r)}: {(r.json or {}).get('detail')}")


@case("a CSV that is compressed", "google/certificate-transparency#1109", "415, nothing imported")
def _(w):
    r = w("POST", V + "/products/import", token=w.admin, raw=gzip.compress(b"sku,title,price,currency\nX,Tea,1,EUR\n"), content_type="text/csv", headers={"content-encoding": "gzip"}); must(r.status == 415, f"{r.status} {r.json if r.status < 300 else code(r)}")


@case("a plain body that says it is compressed", "HarperFast/harper#1438", "415 or 400: what it says is not what it is")
def _(w):
    u = w.user(); r = w("POST", V + "/auth/login", {"email": u.email, "password": PW}, headers={"content-encoding": "gzip"}); must(r.status in (400, 415), r.status)


@case("JSON with a byte order mark", "Badgerati/Pode#1604", "read: RFC 8259 (8.1) lets a reader ignore the mark")
def _(w):
    r = w("POST", V + "/auth/login", raw=BOM + b'{"email":"a@example.com","password":"x"}')
    must(r.status == 401, r)


@case("a name twice in an object", "serde-rs/json#762, freedomofpress/securedrop-client#1752", "refused, as a parameter is that stands twice")
def _(w):
    u, p = w.user(), w.goods(50); r = w("POST", V + "/orders", token=u.token, headers=key(), raw=f'{{"lines":[{{"sku":"{p["sku"]}","quantity":1,"quantity":40}}]}}'.encode()); must(r.status in (400, 422), f"{r.status}, quantity {((r.json or {}).get('lines') or [{}])[0].get('quantity')}")


@case("a name twice at the top of a body", "mrwogu/factory-droid-openai#39", "refused")
def _(w):
    e = w.email("dup"); r = w("POST", V + "/auth/register", raw=f'{{"email":"{w.email()}","password":"{PW}","email":"{e}"}}'.encode()); must(r.status in (400, 422), f"{r.status}, account {((r.json or {}).get('user') or {}).get('email')}")


@case("arrays in arrays, half a surrogate, numbers beyond all", "dropwizard/dropwizard#4176", "4xx with a problem")
def _(w):
    for raw in (b"[" * 5000, b'{"a":' * 3000, b'{"email":"\\ud83d","password":"x"}', b'{"email":1e999}', b'{"email":"a@example.com","password":"\\u0000"', b'"text"', b"[]", b"null", b"\xff\xfe{\x00}\x00", b"{}x", b"NaN"):
        r = w("POST", V + "/auth/login", raw=raw); must(r.status in (400, 422) and code(r), (raw[:20], r))


@case("bodies of other media types", "mendhak/docker-http-https-echo#31", "415; a charset beside JSON does not matter")
def _(w):
    u = w.user(); body = json.dumps({"email": u.email, "password": PW}).encode()
    for ct, s in (("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415), ("text/json", 415), ("application/json;charset=UTF-8", 200), ("Application/JSON ; charset=\"utf-8\"", 200)): must(w("POST", V + "/auth/login", raw=body, content_type=ct).status == s, ct)


@case("a parameter twice, and one with brackets", "apache/cloudstack#5007", "400")
def _(w):
    for q in ("limit=1&limit=2", "limit[]=1", "limit=1;sort=price", "limit=%zz", "limit=5%20"): must(w("GET", f"{V}/products?{q}").status == 400, q)


@case("a browser asks for HTML", "EvermeshSolutions/putsreq#28", "JSON all the same, problems too")
def _(w):
    for path in (V + "/products", V + "/nowhere", V + "/orders"): r = w("GET", path, headers={"accept": "text/html,*/*;q=0.1"}); must("json" in r.headers["content-type"], (path, r.headers["content-type"]))


@case("a Range and old conditions", "jshttp/fresh#17", "200 with everything; a list of tags and a star give 304")
def _(w):
    p = w.product(); path = f"{V}/products/{p['id']}"; g = w("GET", path); r = w("GET", path, headers={"range": "bytes=0-3"}); must(r.status == 200 and r.json, r)
    for t in ("*", f'"x", {g.headers["etag"]}', f'W/"y" ,{g.headers["etag"]}'): must(w("GET", path, headers={"if-none-match": t}).status == 304, t)
    must(w("GET", path, headers={"if-none-match": '"nope"', "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status == 200, "If-Modified-Since won over If-None-Match")


@case("a request id with a line end and one far too long", "wso2-open-operations/cs-tools#1015", "another one; a good one comes back")
def _(w):
    must(w("GET", "/health", headers={"x-request-id": "abc-123"}).headers["x-request-id"] == "abc-123", "lost")
    for v in ("x" * 65, "a b", "é".encode("latin-1").decode("latin-1")): must(w("GET", "/health", headers={"x-request-id": v}).headers["x-request-id"] != v, v)


@case("a body of 300 KB, said and in chunks", "baasbox/baasbox#65", "413 with a problem")
def _(w):
    big = json.dumps({"email": "a@example.com", "password": "x" * 300_000}).encode(); r = w("POST", V + "/auth/login", raw=big); must(r.status == 413 and code(r) == "body_too_large", r)
    with socket.create_connection((w.u.hostname, w.u.port or 80), 30) as c:
        c.sendall(f"POST {V}/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        try:
            for n in range(0, len(big), 20000): part = big[n:n + 20000]; c.sendall(b"%x\r\n%s\r\n" % (len(part), part))
            c.sendall(b"0\r\n\r\n")
        except OSError: pass    # it may answer, and close, before it has everything
        head = c.recv(4096); must(head.split(b" ")[1:2] == [b"413"], head[:200])


@case("where a new thing is said to be", "hapifhir/hapi-fhir#2219", "is where it is")
def _(w):
    r = w.post_product(); must(w("GET", r.headers["location"], token=w.admin).json == r.json, "another"); u, p = w.user(), w.goods(); r = w.order(u, [{"sku": p["sku"], "quantity": 1}]); must(w("GET", r.headers["location"], token=u.token).json == r.json, "another")
    r = w("POST", V + "/categories", {"name": "There " + tag()}, w.admin, key()); must(w("GET", r.headers["location"], token=w.admin).json["id"] == r.json["id"], "another")
