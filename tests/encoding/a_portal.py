"""The production API that a station speaks to, small and real: HTTP on this machine."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from encoding.attestation import ReportRefused, verify_report
from encoding.content import CardContent

TOKEN = "a station's token"


class APortal:
    """Jobs in order; hands the station its unfinished one first.

    heard: what was told, in order. before: called with each act ("claim", "started", ...) before
    it is answered; returns a status to answer with instead, or None.
    """

    def __init__(self, key_set):
        self.key_set = key_set
        self.jobs = {}
        self.heard = []
        self.before = lambda _: None
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = portal.answer(self.path, self.headers["Authorization"], body)
                content = json.dumps(answer).encode() if answer is not None else b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def wants(self, content):
        """A job for this content; its id."""
        job = str(uuid.uuid4())
        self.jobs[job] = {"content": content, "state": "waiting", "uid": None, "report": None}
        return job

    def answer(self, path, authorization, body):
        act, job = path.rsplit("/", 1)[1], path.split("/")[-2]
        self.heard.append((act, body))
        if authorization != f"Bearer {TOKEN}":
            return 401, None
        status = self.before(act)
        if status:
            return status, None
        return self.claim() if act == "claim" else getattr(self, act)(self.jobs[job], body)

    def claim(self):
        for state in ("started", "waiting"):
            for job, known in self.jobs.items():
                if known["state"] == state:
                    content = known["content"]
                    return 200, {
                        "job": {
                            "id": job,
                            "profile": "reference-1",
                            "generation": content.generation,
                            "content": content.to_json(),
                            "track1": "",
                            "uid": known["uid"] or "",
                        }
                    }
        return 204, None

    def started(self, known, body):
        if known["uid"] not in {None, body["uid"]}:
            return 409, {"code": "other_chip", "message": "this job is on another card"}
        known |= {"state": "started", "uid": body["uid"]}
        return 200, {}

    def done(self, known, body):
        try:
            verify_report(body, CardContent(**vars(known["content"])), self.key_set)
        except ReportRefused as refused:
            return 409, {"code": refused.code, "message": str(refused)}
        if known["uid"] != body["uid"]:
            return 409, {"code": "other_chip", "message": "this job is on another card"}
        known |= {"state": "done", "report": body}
        return 200, {}

    def scrapped(self, known, body):
        self.free(known)
        return 200, {}

    def free(self, known):
        """The job is on no card: so says the station, or a person on the production floor."""
        known |= {"state": "waiting", "uid": None}
