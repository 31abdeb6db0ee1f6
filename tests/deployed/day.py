"""An operator's day, as OPERATIONS.md has it, on the stand-in: a consumer is
broken, its messages become dead letters; they are looked at, the fault is mended,
they are sent back. The keys are rotated while people call. An item is lost, and
written back from a restored table. An item of an earlier release is rewritten."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

STAGE = "local"
PASSWORD = "correct horse battery staple"


def live(root, client, environment, api_url, mails_url):
    """Lives it. `client` makes boto3 clients, `environment` leads to the stand-in."""

    def agora(*arguments):
        done = subprocess.run([root / "target" / "debug" / "agora", *arguments, "--stage", STAGE],
                              env=environment | {"AWS_REGION": environment["AWS_DEFAULT_REGION"]},
                              text=True, capture_output=True)
        if done.returncode:
            sys.exit(f"agora {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    dead_letters(agora, client, api_url, mails_url)
    rotation(agora, api_url)
    restoration(client("dynamodb"), api_url)
    evolution(agora, client("dynamodb"), api_url)


def dead_letters(agora, client, api_url, mails_url):
    functions = client("lambda")
    consumer = next(it for it in functions.list_functions()["Functions"] if "-Notifications-" in it["FunctionName"])
    good = consumer["Environment"]["Variables"]

    def give(variables):
        functions.update_function_configuration(
            FunctionName=consumer["FunctionName"], Environment={"Variables": variables})

    queues = client("sqs")
    queue = next(url for url in queues.list_queues()["QueueUrls"] if "-NotificationsQueue-" in url)
    seconds = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
    # A day has no time for five times a minute.
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    give(good | {"TABLE_NAME": "gone"})
    post(api_url, "auth/register", {"email": "letter@example.com", "password": PASSWORD})
    wait("a dead letter", lambda: "1  NotificationsDeadLetters" in agora("dlq", "list"))
    shown = agora("dlq", "show", "NotificationsDeadLetters")
    if "user.created" not in shown or "request_id req_" not in shown:
        sys.exit(f"the letter says too little: {shown}")

    give(good)
    queues.set_queue_attributes(QueueUrl=queue, Attributes=seconds)
    print(agora("dlq", "redrive", "NotificationsDeadLetters"), flush=True)

    def mailed():
        with urllib.request.urlopen(mails_url) as response:
            return any(mail["to"] == "letter@example.com" for mail in json.load(response)["data"])

    wait("the mail", mailed)


def rotation(agora, api_url):
    """No call of anybody who is signed in may fail."""
    token = post(api_url, "auth/register", {"email": "calling@example.com", "password": PASSWORD})["access_token"]
    statuses, done = [], threading.Event()

    def call():
        while not done.is_set():
            request = urllib.request.Request(f"{api_url}/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
            try:
                with urllib.request.urlopen(request) as response:
                    statuses.append(response.status)
            except urllib.error.HTTPError as error:
                statuses.append(error.code)

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    time.sleep(1)
    print(agora("keys", "rotate"), flush=True)
    time.sleep(2)
    done.set()
    for caller in callers:
        caller.join()
    post(api_url, "auth/login", {"email": "calling@example.com", "password": PASSWORD})
    print(f"{len(statuses)} calls during the rotation: {sorted(set(statuses))}", flush=True)
    if set(statuses) != {200}:
        sys.exit("a rotation refused somebody")


def restoration(table, api_url):
    account = {"email": "restored@example.com", "password": PASSWORD}
    user = post(api_url, "auth/register", account)["user"]
    name = next(it for it in table.list_tables()["TableNames"] if f"agora-{STAGE}-Table-" in it)
    restore(table, name, "agora-restored")

    key = {"pk": {"S": f"USER#{user['id']}"}, "sk": {"S": "USER"}}
    table.delete_item(TableName=name, Key=key)
    try:
        post(api_url, "auth/login", account)
        sys.exit("the damage does no harm")
    except urllib.error.HTTPError as error:
        print(f"without its item an account's login is answered {error.code}", flush=True)

    item = table.get_item(TableName="agora-restored", Key=key)["Item"]
    item.pop("events", None)
    table.put_item(TableName=name, Item=item)
    if post(api_url, "auth/login", account)["user"] != user:
        sys.exit("what was restored is not what was lost")
    print("with its item from the restored table it logs in as before", flush=True)


def evolution(agora, table, api_url):
    """An item as an earlier release wrote it is planned, rewritten and verified."""
    user = post(api_url, "auth/register", {"email": "earlier@example.com", "password": PASSWORD})["user"]
    name = next(it for it in table.list_tables()["TableNames"] if f"agora-{STAGE}-Table-" in it)
    key = {"pk": {"S": f"BUYER#{user['id']}"}, "sk": {"S": "BUYER"}}

    def customer():
        return table.get_item(TableName=name, Key=key).get("Item")

    wait("the customer", customer)
    table.update_item(TableName=name, Key=key, UpdateExpression="REMOVE email_verified")
    before = customer()
    plan = agora("schema", "plan")
    if "customer-confirmations: 1 rewrites" not in plan:
        sys.exit(f"the plan has no such item: {plan}")
    print(agora("schema", "backfill"), flush=True)
    print(agora("schema", "verify"), flush=True)
    if customer() != before | {"email_verified": {"BOOL": True}}:
        sys.exit(f"{before} became {customer()}")


def restore(table, source, target):
    """What restore-table-to-point-in-time makes: the stand-in refuses it for a
    table that has indexes."""
    keys = ("pk", "HASH"), ("sk", "RANGE")
    table.create_table(
        TableName=target, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys])
    for page in table.get_paginator("scan").paginate(TableName=source):
        for item in page["Items"]:
            table.put_item(TableName=target, Item=item)


def post(api_url, path, body):
    request = urllib.request.Request(
        f"{api_url}/api/v1/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def wait(what, holds):
    deadline = time.monotonic() + 90
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come")
        time.sleep(1)
