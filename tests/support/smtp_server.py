#!/usr/bin/python3
"""A real SMTP server for tests, on Debian's python3-aiosmtpd (run it with /usr/bin/python3).

    smtp_server.py --output FILE [options]

It listens on 127.0.0.1, prints one line "port N" when it is ready, and ends when its standard input is closed, so that
it never outlives the test that started it.

  --output FILE          where events go, one JSON object a line, see below; appended to what is there, so a server that
                         is started again goes on
  --port N               default 0: any free one. Give the port of an earlier server to let it "come back"
  --tls none|starttls|implicit
                         default none. With starttls, nothing but EHLO is taken before STARTTLS
  --tls-directory DIR    where certificate.pem and key.pem are, or are put when they are not there yet: a self-signed
                         certificate, made by the openssl program; trust it by its file
  --tls-name NAMES       what that certificate is for, default DNS:localhost,IP:127.0.0.1
  --user USER --password PASSWORD
                         AUTH (PLAIN or LOGIN) is required with these
  --at STAGE --answer ANSWER
                         misbehave at one stage: greeting, mail, rcpt, data (the whole message has arrived) or quit. The
                         answer is a reply such as "451 4.3.0 try again later", or "hang", or "drop" (close, no reply)
  --times N              misbehave the first N times only, then behave; default 0: always

Events:
  {"event": "message", "accepted": bool, "mail_from": str, "rcpt_tos": [str], "data": str, "tls": bool,
   "user": str or null, "headers": [[name, value]], "subject": str, "from": str, "from_name": str, "to": str,
   "text": str, "html": str}
      A message arrived whole; written before the server answers, also when it answers with a refusal or not at all.
      "data" is what came after DATA without dot stuffing, the rest is what Python's email package reads from it, texts
      with LF line ends.
  {"event": "connection", "received": str}
      A connection ended; "received" is every byte that the client sent (Latin-1), inside TLS as well as outside of it.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import os
import ssl
import subprocess
import sys
import threading
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--tls-directory")
    parser.add_argument("--tls-name", default="DNS:localhost,IP:127.0.0.1")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--at", choices=["greeting", "mail", "rcpt", "data", "quit"])
    parser.add_argument("--answer")
    parser.add_argument("--times", type=int, default=0)
    return parser.parse_args()


def tls_context(options):
    certificate = os.path.join(options.tls_directory, "certificate.pem")
    key = os.path.join(options.tls_directory, "key.pem")
    if not os.path.exists(certificate):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=smtp server of a test", "-addext", "subjectAltName=" + options.tls_name,
             "-keyout", key, "-out", certificate],
            check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Events:
    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")

    def write(self, event):
        self.file.write(json.dumps(event) + "\n")
        self.file.flush()


class Misbehaviour:
    def __init__(self, options):
        self.at = options.at
        self.answer = options.answer
        self.left = options.times or None

    def take(self, stage):
        """The answer for this stage this time, or None to behave."""
        if stage != self.at or self.left == 0:
            return None
        if self.left is not None:
            self.left -= 1
        return self.answer

    @staticmethod
    async def reply(server, answer):
        if answer == "hang":
            await asyncio.sleep(3600)
        if answer == "drop":
            server.transport.abort()
            # The handler is cancelled when the loss of the connection is noticed.
            await asyncio.sleep(3600)
        return answer


def part_text(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return part.get_content().replace("\r\n", "\n") if part else ""


def describe(server, session, envelope, accepted):
    message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    sender = message["from"].addresses[0]
    return {
        "event": "message",
        "accepted": accepted,
        "mail_from": envelope.mail_from,
        "rcpt_tos": envelope.rcpt_tos,
        "data": envelope.original_content.decode("latin-1"),
        "tls": server.transport.get_extra_info("sslcontext") is not None,
        "user": session.auth_data.login.decode() if session.auth_data else None,
        "headers": [[name, str(value)] for name, value in message.items()],
        "subject": str(message["subject"]),
        "from": sender.addr_spec,
        "from_name": sender.display_name,
        "to": str(message["to"]),
        "text": part_text(message, "plain"),
        "html": part_text(message, "html"),
    }


class Handler:
    def __init__(self, events, misbehaviour):
        self.events = events
        self.misbehaviour = misbehaviour

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = self.misbehaviour.take("mail")
        if answer:
            return await self.misbehaviour.reply(server, answer)
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.misbehaviour.take("rcpt")
        if answer:
            return await self.misbehaviour.reply(server, answer)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.misbehaviour.take("data")
        self.events.write(describe(server, session, envelope, accepted=answer is None))
        return await self.misbehaviour.reply(server, answer) if answer else "250 2.0.0 OK: taken"

    async def handle_QUIT(self, server, session, envelope):
        answer = self.misbehaviour.take("quit")
        return await self.misbehaviour.reply(server, answer) if answer else "221 2.0.0 Bye"


class Server(SMTP):
    def __init__(self, handler, **options):
        super().__init__(handler, **options)
        self.received = bytearray()

    def data_received(self, data):
        self.received += data
        super().data_received(data)

    def connection_lost(self, error):
        self.event_handler.events.write({"event": "connection", "received": self.received.decode("latin-1")})
        super().connection_lost(error)

    async def _handle_client(self):
        misbehaviour = self.event_handler.misbehaviour
        answer = misbehaviour.take("greeting")
        if answer:
            await self.push(await misbehaviour.reply(self, answer))
            self.transport.close()
            return
        await super()._handle_client()


async def serve(options):
    context = tls_context(options) if options.tls != "none" else None
    handler = Handler(Events(options.output), Misbehaviour(options))

    def authenticate(server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and data == LoginPassword(
            options.user.encode(), options.password.encode())
        return AuthResult(success=right, handled=False, auth_data=data if right else None)

    def protocol():
        starttls = options.tls == "starttls"
        return Server(
            handler, hostname="smtp.test", ident="test server", tls_context=context if starttls else None,
            require_starttls=starttls, auth_required=options.user is not None, auth_require_tls=False,
            authenticator=authenticate)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        protocol, "127.0.0.1", options.port, ssl=context if options.tls == "implicit" else None)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    # What clients do wrong here is what the tests are about; the events tell it.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
    warnings.simplefilter("ignore")
    asyncio.run(serve(arguments()))
