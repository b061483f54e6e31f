"""Serves a GGUF model by llama.cpp on 127.0.0.1, one thread, and notes every request: llama_server.py MODEL LOG.

Prints the address. Each line of LOG is the digest of a request's body, written when the request arrives.
"""
import hashlib
import http.server
import os
import sys
import threading
import urllib.error
import urllib.request

os.environ["OMP_NUM_THREADS"] = "1"

import xllamacpp  # noqa: E402  OpenMP reads its setting when it is loaded.

SLOTS = 2


def start(model):
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.n_parallel = SLOTS
    parameters.n_ctx = 2048 * SLOTS
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.verbosity = -1
    parameters.port = 0
    return xllamacpp.Server(parameters)


class Noting(http.server.BaseHTTPRequestHandler):
    """Hands requests on to the model's server."""

    protocol_version = "HTTP/1.1"
    lock = threading.Lock()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.lock:
            self.log.write(hashlib.sha256(body).hexdigest() + "\n")
            self.log.flush()
        request = urllib.request.Request(self.target + self.path, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            # Whoever asked was killed.
            self.close_connection = True

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = start(sys.argv[1])
    Noting.target = server.listening_address
    Noting.log = open(sys.argv[2], "a", encoding="ascii")
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    print(f"http://127.0.0.1:{proxy.server_port}", flush=True)
    proxy.serve_forever()
