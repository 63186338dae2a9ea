"""Whoever is told: Slack and PagerDuty as one web server, and a mail server. They keep what arrives, and from whom."""

from __future__ import annotations

import json
import re
import socketserver
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.parser import Parser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.real.servers import listening

_TITLE = re.compile(r"\[(?P<status>FIRING|RESOLVED)(?::\d+)?\] (?P<alert>\w+)")
_RECEIVER = re.compile(r"[?&]receiver=([\w.%-]+)")


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody was told: when (``time.monotonic``), by what (slack, pagerduty, email), of which receiver.

    A mail does not say whose it is: then ``receiver`` is "".
    """

    at: float
    by: str
    receiver: str
    alert: str
    is_firing: bool


@dataclass(slots=True)
class People:
    """Those of one platform. ``unread`` is what had not the form that it should have."""

    told: list[Message] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    web: int = 0
    mail: int = 0

    def hear(self, by: str, title: str, link: str) -> None:
        """Keep a message; ``link`` is where it leads, which names the receiver."""
        found, receiver = _TITLE.match(title), _RECEIVER.search(link)
        if found is None:
            self.unread.append(f"{by}: {title}")
            return
        is_firing = found["status"] == "FIRING"
        self.told.append(Message(time.monotonic(), by, receiver[1] if receiver else "", found["alert"], is_firing))


class _Web(ThreadingHTTPServer):
    def __init__(self, people: People) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.people = people


class _Handler(BaseHTTPRequestHandler):
    server: _Web

    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/slack":
            for each in body["attachments"]:
                self.server.people.hear("slack", each["title"], each["title_link"])
            self._answer(200, "ok")
        else:
            status = "FIRING" if body["event_action"] == "trigger" else "RESOLVED"
            title: str = body["payload"]["summary"]
            # What is triggered and resolved is what PagerDuty goes by; its title must say the same.
            if title.startswith(f"[{status}"):
                self.server.people.hear("pagerduty", title, body.get("client_url", ""))
            else:
                self.server.people.unread.append(f"pagerduty: {body['event_action']} of {title}")
            self._answer(202, json.dumps({"status": "success", "message": "", "dedup_key": body["dedup_key"]}))

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class _Mail(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, people: People) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.people = people


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a sender needs that has nothing to prove."""

    server: _Mail

    def handle(self) -> None:
        self._say("220 mail.example ready")
        for line in self.rfile:
            verb = line.split(b":")[0].split()[0].upper() if line.strip() else b""
            if verb == b"DATA":
                self._say("354 go ahead")
                self._read()
                self._say("250 kept")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 mail.example")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _read(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.decode())
        mail = Parser(policy=default).parsestr("".join(lines))
        self.server.people.hear("email", str(mail["Subject"]), "")


@contextmanager
def people() -> Iterator[People]:
    """They listen for as long as the block lasts."""
    found = People()
    with ExitStack() as running:
        web, mail = _Web(found), _Mail(found)
        running.enter_context(listening(web))
        running.enter_context(listening(mail))
        found.web, found.mail = web.server_port, mail.server_address[1]
        yield found
