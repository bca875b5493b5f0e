#!/usr/bin/env python3
"""Loads `yuanbench serve` from many connections, some of which go away in the middle, and checks that

  - every finished answer equals the answer the same request gets alone,
  - nothing is left running or queued, and the key-value cache is empty again,
  - the last round of the load leaves no more memory resident than the first.

  python3 Scripts/serve_load_test.py .build/release/yuanbench [--requests 1000] [--connections 64] [--json FILE]
      [-- further options of serve]

Python's standard library alone. Exit code 1 when something is not so.
"""
import argparse
import http.client
import json
import random
import socket
import subprocess
import sys
import threading
import time

PROMPTS = ["def add(a, b):\n", "def is_even(n: int) -> bool:\n", "class Stack:\n", "import os\n\n", "for i in range(",
           "def first_two(word: str) -> str:\n    return", "x = [1, 2, 3]\n", "while True:\n"]


def request(index):
    """The request of an index: all kinds of lengths, streamed or not, completion or chat, greedy or drawn."""
    body = {"max_tokens": 4 + index * 7 % 93, "stream": index % 2 == 0}
    if index % 5 == 4:
        body.update(temperature=0.8, top_p=0.95, seed=index)
    if index % 3 == 0:
        body["stop"] = ["\n\n\n"]
    text = PROMPTS[index % len(PROMPTS)] + f"# {index % 40}\n" * (index % 6)
    if index % 4 == 3:
        return "/v1/chat/completions", {**body, "messages": [{"role": "user", "content": text}]}
    return "/v1/completions", {**body, "prompt": text}


def text_of(content, streamed):
    if not streamed:
        choice = json.loads(content)["choices"][0]
        return choice["message"]["content"] if "message" in choice else choice["text"]
    parts = [line[6:] for line in content.decode().split("\n\n") if line.startswith("data: ")]
    if not parts or parts[-1] != "[DONE]":
        raise ValueError("the stream has no end")
    choices = [c for part in parts[:-1] for c in json.loads(part)["choices"]]
    return "".join(c["delta"].get("content", "") if "delta" in c else c["text"] for c in choices)


class Load:
    def __init__(self, port, count, connections, leavers, seed):
        self.port, self.count, self.connections, self.leavers = port, count, connections, leavers
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.answers, self.left, self.busy, self.errors, self.seconds = {}, 0, 0, [], []
        self.next = 0

    def run(self):
        began = time.monotonic()
        threads = [threading.Thread(target=self.work) for _ in range(self.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.wall = time.monotonic() - began

    def work(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        while True:
            with self.lock:
                if self.next == self.count:
                    connection.close()
                    return
                index, self.next = self.next, self.next + 1
                leave = self.random.random() < self.leavers
                how, when = self.random.choice(["close", "reset"]), self.random.random() * 0.05
            path, body = request(index)
            began = time.monotonic()
            try:
                connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
                if leave:
                    # At once, after a moment, or after the first bytes of the answer.
                    if when < 0.02:
                        connection.sock.recv(200)
                    time.sleep(when)
                    if how == "reset":
                        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    connection.close()
                    with self.lock:
                        self.left += 1
                    continue
                response = connection.getresponse()
                content = response.read()
                if response.status == 429:
                    time.sleep(float(response.getheader("Retry-After")))
                    with self.lock:
                        self.busy += 1
                    continue
                if response.status != 200:
                    raise ValueError(f"{response.status} {content[:200]}")
                with self.lock:
                    self.answers[index] = text_of(content, body["stream"])
                    self.seconds.append(time.monotonic() - began)
            except Exception as error:  # every failure counts, whatever it is
                with self.lock:
                    self.errors.append(f"request {index}: {error!r}")
                connection.close()


def alone(port, index):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    path, body = request(index)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = text_of(connection.getresponse().read(), body["stream"])
    connection.close()
    return answer


def metrics(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


def settled(port):
    """The metrics once nothing runs any more; what they are after ten seconds otherwise."""
    end = time.monotonic() + 10
    while True:
        now = metrics(port)
        if (now["yuanbench_running"], now["yuanbench_queued"], now["yuanbench_connections"]) == (0, 0, 1) or time.monotonic() > end:
            return now
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--leavers", type=float, default=0.25, help="share of requests whose client goes away")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="file for the figures")
    arguments = sys.argv[1:]
    further = arguments[arguments.index("--") + 1:] if "--" in arguments else []
    options = parser.parse_args(arguments[:arguments.index("--")] if "--" in arguments else arguments)
    server = subprocess.Popen([options.binary, "serve", "--port", "0", *further], stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline().rsplit(":", 1)[1])
    expected = {index: alone(port, index) for index in range(options.requests)}
    start = settled(port)["process_resident_memory_bytes"]
    figures, bad = {"requests": options.requests, "connections": options.connections, "rounds": []}, []
    for number in range(options.rounds):
        load = Load(port, options.requests, options.connections, options.leavers, seed=number)
        load.run()
        after = settled(port)
        wrong = [i for i, text in load.answers.items() if text != expected[i]]
        stuck = [name for name in ["yuanbench_running", "yuanbench_queued", "yuanbench_kv_cache_bytes"] if after[name] != 0]
        seconds = sorted(load.seconds) or [0]
        figures["rounds"].append({
            "finished": len(load.answers), "went_away": load.left, "refused_429": load.busy, "errors": len(load.errors),
            "wrong_answers": len(wrong), "left_over": stuck, "wall_s": round(load.wall, 2),
            "finished_per_s": round(len(load.answers) / load.wall, 1),
            "latency_p50_s": round(seconds[len(seconds) // 2], 3), "latency_p99_s": round(seconds[len(seconds) * 99 // 100], 3),
            "resident_mib": round(after["process_resident_memory_bytes"] / 1048576, 1),
            "kv_cache_peak_mib": round(after["yuanbench_kv_cache_peak_bytes"] / 1048576, 2),
            "status_5xx": sum(v for k, v in after.items() if k.startswith("yuanbench_requests_total") and 'status="5' in k)})
        bad += [f"round {number}: {error}" for error in load.errors[:5]]
        bad += [f"round {number}: request {i} has another answer than alone" for i in wrong[:5]]
        bad += [f"round {number}: {name} is {after[name]}" for name in stuck]
        if figures["rounds"][-1]["status_5xx"]:
            bad.append(f"round {number}: answers of 500 or more")
    figures["resident_before_mib"] = round(start / 1048576, 1)
    resident = [r["resident_mib"] for r in figures["rounds"]]
    # The first round takes what the load needs; the others must not take more (an allocator's slack aside).
    if resident[-1] > resident[0] * 1.1 + 8:
        bad.append(f"memory grows: {resident} MiB")
    server.terminate()
    figures["exit_code"] = server.wait(timeout=30)
    if figures["exit_code"] != 0:
        bad.append(f"serve ended with {figures['exit_code']}")
    print(json.dumps(figures, indent=2))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(figures, file, indent=2)
    for line in bad:
        print("FAILED:", line)
    print("all well" if not bad else f"{len(bad)} failures")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
