#!/usr/bin/env python3
"""A server on the loopback that speaks as Hugging Face, ModelScope and GitHub's raw files do, and lies on request.

  python3 lying_hub.py FOLDER

serves the files of FOLDER as the model tiny/model. The first part of a path says how: /honest/…, /short/…; see Lies.
Prints its port. GET /log gives the requests so far as JSON, GET /second/… answers for another server (as localhost).
"""
import hashlib
import http.server
import json
import pathlib
import sys
import threading
import time
import urllib.parse

FOLDER = pathlib.Path(sys.argv[1])
FILES = {p.name: p.read_bytes() for p in sorted(FOLDER.iterdir()) if p.is_file()}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LOG, SEEN, LOCK = [], {}, threading.Lock()


def blob(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def times(self, key):
        with LOCK:
            SEEN[key] = SEEN.get(key, 0) + 1
            return SEEN[key]

    def reply(self, status, body=b"", headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        parts = urllib.parse.unquote(url.path).strip("/").split("/")
        query = dict(urllib.parse.parse_qsl(url.query))
        with LOCK:
            LOG.append({"path": self.path, "host": self.headers.get("Host"), "range": self.headers.get("Range"),
                        "authorization": self.headers.get("Authorization"), "cookie": self.headers.get("Cookie")})
        if parts == ["log"]:
            return self.reply(200, json.dumps(LOG).encode())
        lie, rest = parts[0], parts[1:]
        if lie == "second":
            lie, rest = "honest", rest
        if lie == "broken":
            return self.reply(500)
        if lie == "gated":
            return self.reply(403, headers=[("X-Error-Message", "Access to model is restricted\x1b[31m")])
        if lie == "missing":
            return self.reply(404)
        if lie == "flaky" and self.times(self.path + str(self.headers.get("Range"))) < 3:
            return self.reply(503)
        if rest[:2] == ["api", "models"]:
            return self.list_huggingface(lie)
        if rest[:3] == ["api", "v1", "models"] and rest[-1] == "files":
            return self.list_modelscope(lie)
        if rest[:3] == ["api", "v1", "models"] and rest[-1] == "repo":
            return self.file(lie, query["FilePath"])
        if "resolve" in rest or lie == "raw" or rest:
            return self.file(lie, rest[-1])
        self.reply(404)

    def list_huggingface(self, lie):
        siblings = []
        for name, data in FILES.items():
            entry = {"rfilename": name, "size": len(data), "blobId": blob(data)}
            if name.endswith((".safetensors", ".gguf", ".bin")):
                entry["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
            siblings.append(entry)
        if lie == "traversal":
            for name in ["../../evil.json", "/etc/evil.json", "..", ".hidden", "a/b/config.json", "evil\u0000.json", "setup.py"]:
                siblings.append({"rfilename": name, "size": 3, "blobId": blob(b"{}\n")})
        if lie == "negative":
            siblings[0]["size"] = -1
        if lie == "hashless":
            for entry in siblings:
                entry.pop("blobId", None)
                entry.pop("lfs", None)
        if lie == "huge":
            siblings[-1]["lfs"] = {"sha256": "0" * 64, "size": 1 << 41, "pointerSize": 1}
            siblings[-1]["rfilename"] = "model.safetensors"
            siblings = [s for s in siblings[:-1] if not s["rfilename"].startswith("model")] + siblings[-1:]
        body = {"id": "tiny/model", "sha": COMMIT, "siblings": siblings}
        self.reply(200, b"<html>" if lie == "html" else json.dumps(body).encode())

    def list_modelscope(self, lie):
        files = [{"Name": n, "Path": n, "Type": "blob", "Size": len(d), "Sha256": hashlib.sha256(d).hexdigest()}
                 for n, d in FILES.items()] + [{"Name": "x", "Path": "x", "Type": "tree", "Size": 0, "Sha256": ""}]
        if lie == "unknown":
            return self.reply(200, json.dumps({"Code": 10010205001, "Message": "record not found", "Data": None}).encode())
        self.reply(200, json.dumps({"Code": 200, "Data": {"Files": files}, "Message": "", "Success": True}).encode())

    def file(self, lie, name):
        if name not in FILES:
            return self.reply(404)
        data = FILES[name]
        port = self.server.server_address[1]
        if lie == "redirect":
            # Another server, as content delivery networks are.
            return self.reply(302, headers=[("Location", f"http://localhost:{port}/second/x/resolve/{name}?Signature=secret")])
        if lie == "relative":
            return self.reply(307, headers=[("Location", f"/second/x/resolve/{name}")])
        if lie == "plain":
            return self.reply(302, headers=[("Location", f"http://192.0.2.1/{name}")])
        if lie == "nowhere":
            return self.reply(302, headers=[("Location", "file:///etc/passwd")])
        if lie == "loop":
            return self.reply(302, headers=[("Location", self.path)])
        is_weights = len(data) > 20000
        if lie == "wrong" and is_weights:
            data = data[:100] + bytes([data[100] ^ 1]) + data[101:]
        asked, start, end = self.headers.get("Range"), 0, len(data)
        headers = []
        status = 200
        if asked and lie != "norange":
            first, last = asked.removeprefix("bytes=").split("-")
            start, end, status = int(first), min(int(last) + 1, len(data)), 206
            shift = 1 if lie == "misplaced" and start > 0 else 0
            headers = [("Content-Range", f"bytes {start + shift}-{end - 1 + shift}/{len(data)}")]
        body = data[start:end]
        if lie == "long":
            return self.reply(status, body + b"more", headers)
        if lie == "short" and is_weights:
            self.reply(status, body[:len(body) // 2], headers, length=len(body))
            self.close_connection = True
            return
        if lie == "cut" and is_weights and self.times("cut " + str(end)) == 1:
            self.reply(status, body[:len(body) // 2], headers, length=len(body))
            self.close_connection = True
            return
        if lie == "dies" and is_weights and start > len(data) // 2:
            return self.reply(500)
        if lie == "drip" and is_weights:
            self.send_response(status)
            for pair in headers:
                self.send_header(*pair)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for i in range(len(body)):
                    self.wfile.write(body[i:i + 1])
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
            return
        self.reply(status, body, headers)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
# Ends with whoever started it: its standard input closes then.
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()
