"""A registered user's first order, through the API of any platform."""

import json
import sys
import time
import urllib.error
import urllib.request

PASSWORD = "correct horse battery staple"
SKU = "OOLONG-100"


def order(url, administrator):
    """The administrator sells something, a new user orders it."""
    seller = call(url, "auth/login", administrator)["access_token"]
    product = {"title": "Oolong", "sku": SKU, "price": {"amount": 990, "currency": "EUR"},
               "initial_stock": 3, "status": "active"}
    call(url, "products", product, seller)
    account = {"email": "grace@example.com", "password": PASSWORD}
    buyer = call(url, "auth/register", account)["access_token"]
    # Orders learn of the product from its event.
    deadline = time.monotonic() + 60
    while True:
        try:
            placed = call(url, "orders", {"lines": [{"sku": SKU, "quantity": 2}]}, buyer)
            break
        except urllib.error.HTTPError as error:
            if error.code != 422 or time.monotonic() > deadline:
                sys.exit(f"no order: {error.code} {error.read().decode()}")
            time.sleep(0.2)
    if placed["status"] != "reserved":
        sys.exit(f"the order is not reserved: {placed}")
    print(f"{placed['id']} reserves {SKU}", flush=True)


def call(url, path, body, token=None):
    # Each call is an order of its own: a refused one may be sent again.
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(time.monotonic_ns())}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{url}/api/v1/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)
