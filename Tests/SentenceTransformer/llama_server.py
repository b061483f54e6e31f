"""Texts a second of llama.cpp's server on one thread: reads texts as JSON Lines, prints one JSON object."""
import json
import os
import sys
import time
import urllib.request

os.environ["OMP_NUM_THREADS"] = "1"

import xllamacpp  # noqa: E402  OpenMP reads its setting when it is loaded.


class LlamaServer:
    """A server on this machine that embeds texts, many at a time, on one thread."""

    def __init__(self, model, parallel=4, batch=512):
        parameters = xllamacpp.CommonParams()
        parameters.model.path = model
        parameters.embedding = True
        parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
        parameters.n_parallel = parallel
        parameters.n_ctx = 512 * parallel
        parameters.n_batch = batch
        parameters.n_ubatch = batch
        parameters.cpuparams.n_threads = 1
        parameters.cpuparams_batch.n_threads = 1
        parameters.verbosity = -1
        parameters.port = 0
        self.server = xllamacpp.Server(parameters)

    def vectors(self, texts):
        request = urllib.request.Request(
            self.server.listening_address + "/v1/embeddings",
            json.dumps({"input": texts, "model": "model"}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=600) as answer:
            rows = json.load(answer)["data"]
        return [row["embedding"] for row in sorted(rows, key=lambda row: row["index"])]


def measured(server, texts):
    """Seconds by the clock, and seconds of processor time without this client's own."""
    server.vectors(texts[:8])
    clock, processor, own = time.perf_counter(), time.process_time(), time.thread_time()
    vectors = [vector for first in range(0, len(texts), 128) for vector in server.vectors(texts[first : first + 128])]
    own = time.thread_time() - own
    return vectors, time.perf_counter() - clock, time.process_time() - processor - own


if __name__ == "__main__":
    lines = [json.loads(line) for line in sys.stdin]
    server = LlamaServer(sys.argv[1], *map(int, sys.argv[2:]))
    vectors, clock, processor = measured(server, lines)
    print(json.dumps({"clock": clock, "processor": processor, "vectors": vectors}), flush=True)
    # The server's threads would keep the process alive.
    os._exit(0)
