"""The stand-in for AWS on this machine, and a deployment to it: all in which one
differs from a deployment to AWS.

The stand-in is ministack: CloudFormation, API Gateway, Lambda (it runs the
bootstraps as they are), DynamoDB with its stream, EventBridge, SQS, SSM, SES.
It enforces no IAM and keeps no Lambda warm: each invocation is a cold start.
"""

import contextlib
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
ACCOUNT = "000000000000"
STACK = "agora-local"


def adapted(source):
    """The template at `source` without the archive, which is the one kind of resource
    that the stand-in does not know."""
    from samtranslator.yaml_helper import yaml_parse

    template = yaml_parse(source.read_text())
    resources = template["Resources"]
    for name in [name for name, it in resources.items() if it["Type"] == "AWS::Events::Archive"]:
        del resources[name]
    return template


def deploy(stand_in, template, settings=ROOT / "samconfig.toml"):
    """Deploys the template at this path."""
    run("sam", "deploy", "--config-env", "local", "--config-file", settings,
        "--template-file", template, env=stand_in.environment, quiet=True)


def finish(stand_in, template):
    """Makes the HTTP API's routes, which SAM gives as an OpenAPI body that the
    stand-in does not read, gives the queues their redrive policies, which its
    CloudFormation leaves out, and verifies the mail sender, which on AWS somebody
    does once. Returns where the API is."""
    client = aws(stand_in)
    stack = client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    ids = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in stack}
    gateway = client("apigatewayv2")
    for name, function in functions(template).items():
        routes = [
            f'{it["Properties"]["Method"].upper()} {it["Properties"]["Path"]}'
            if "Path" in it["Properties"] else "$default"
            for it in function["Properties"].get("Events", {}).values() if it["Type"] == "HttpApi"
        ]
        if not routes:
            continue
        integration = gateway.create_integration(
            ApiId=ids["Api"], IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
            IntegrationUri=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{ids[name]}")
        for route in routes:
            gateway.create_route(ApiId=ids["Api"], RouteKey=route,
                                 Target=f'integrations/{integration["IntegrationId"]}')

    for name, queue in template["Resources"].items():
        if policy := queue.get("Properties", {}).get("RedrivePolicy"):
            dead = ids[policy["deadLetterTargetArn"]["Fn::GetAtt"][0]].rsplit("/", 1)[1]
            policy = policy | {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{dead}"}
            client("sqs").set_queue_attributes(QueueUrl=ids[name], Attributes={"RedrivePolicy": json.dumps(policy)})

    parameters = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]
    sender = next(it["ParameterValue"] for it in parameters if it["ParameterKey"] == "MailSender")
    client("sesv2").create_email_identity(EmailIdentity=sender)

    # By path, not by host: `<api>.execute-api.localhost` would need a resolver
    # that knows it, and the stand-in answers /health and /logout there itself.
    return f'{stand_in.url}/_aws/execute-api/{ids["Api"]}/$default'


@contextlib.contextmanager
def mailbox(stand_in):
    """Serves the stand-in's sent mails in the shape of `/_local/mails`."""

    class Mails(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with urllib.request.urlopen(f"{stand_in.url}/_ministack/ses/messages") as response:
                sent = json.load(response)["messages"].get(ACCOUNT, [])
            body = json.dumps({"data": [{
                "to": mail["To"][0],
                "subject": mail["Subject"],
                "text": mail["BodyText"],
                "html": mail["BodyHtml"],
                "sent_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(mail["Timestamp"])),
            } for mail in sorted(sent, key=lambda mail: mail["Timestamp"])]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mails)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/mails"
    finally:
        server.shutdown()


class StandIn:
    """A ministack of our own: free port, own folder for all that it writes."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "stand-in.log"
        # Nothing of the developer's own AWS set-up may be seen by what we start.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = clean | {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "SAM_CLI_TELEMETRY": "0",
        }
        self.settings = {
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "STATE_DIR": str(folder / "state"),
            "S3_DATA_DIR": str(folder / "s3"),
            "TMPDIR": str(folder),
            # Listeners on fixed ports, and a sweep of its containers, which
            # might be another's.
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",
        }

    def __enter__(self):
        with step("start the stand-in"):
            # Its own session: Ctrl-C reaches us alone, and what it starts ends
            # with it.
            self.process = subprocess.Popen(
                ["ministack"], env=self.environment | self.settings, cwd=self.log.parent,
                stdout=self.log.open("w"), stderr=subprocess.STDOUT, start_new_session=True)
            deadline = time.monotonic() + 60
            while not self.answers():
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__(RuntimeError)
                    sys.exit("the stand-in did not start")
                time.sleep(0.1)
        return self

    def answers(self):
        with contextlib.suppress(OSError, urllib.error.URLError):
            return urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1).status == 200
        return False

    def __exit__(self, failure, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if failure not in (None, KeyboardInterrupt):
            lines = self.log.read_text(errors="replace").splitlines()[-60:]
            print("\n".join(["--- the stand-in's last lines", *lines]), file=sys.stderr)


# --- Small things -------------------------------------------------------------


def aws(stand_in):
    """Makes clients of the stand-in."""
    import boto3

    session = boto3.Session("test", "test", region_name=REGION)
    return lambda service: session.client(service, endpoint_url=stand_in.url)


def functions(template):
    return {name: it for name, it in template["Resources"].items()
            if it["Type"] == "AWS::Serverless::Function"}


@contextlib.contextmanager
def step(name):
    print(f"==> {name}", flush=True)
    begun = time.monotonic()
    yield
    print(f"    {time.monotonic() - begun:.1f} s", flush=True)


def run(*command, env=None, quiet=False):
    """Runs a command in the repository; a failure ends us with its status."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, env=env, text=True,
                          stdout=subprocess.PIPE if quiet else None,
                          stderr=subprocess.STDOUT if quiet else None)
    if done.returncode:
        if quiet:
            print(done.stdout, file=sys.stderr)
        sys.exit(f"{command[0]} {command[1]} failed")
