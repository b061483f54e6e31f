"""Runs `isrf reason` against a real model: reason_for_real.py ISRF MODEL ITEMS INTERACTIONS.

Reasons about some items and users of a shop, kills the run half-way, goes on, and looks whether anything was asked twice;
then trains on the profiles and recommends. What the model says is of no interest here.
"""
import collections
import csv
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ITEMS, USERS, CONCURRENCY = 15, 7, 2
SETTINGS = """
threads: 1
reasoning: {encoder: {latentDimensions: 16, residualDimensions: 16}}
users: {neighbours: 10}
model: {width: 16, blocks: 1, historyLength: 10}
training: {epochs: 3, batchSize: 32, minimumBatchesPerEpoch: 1, pairBatchSize: 32}
"""


def require(condition, message):
    if not condition:
        sys.exit(f"reason_for_real.py: {message}")


def write_shop(items, interactions, folder):
    """The items that most users took, and the users who took at least four of them."""
    with open(interactions, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = collections.Counter(row["item"] for row in rows)
    chosen = {item for item, _ in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:ITEMS]}
    histories = collections.Counter(row["user"] for row in rows if row["item"] in chosen)
    with open(folder / "items.jsonl", "w", encoding="utf-8") as file:
        for line in open(items, encoding="utf-8"):
            if json.loads(line)["id"] in chosen:
                file.write(line)
    with open(folder / "interactions.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            if row["item"] in chosen and histories[row["user"]] >= 4:
                writer.writerow(row)
    (folder / "settings.yaml").write_text(SETTINGS)


class Isrf:
    def __init__(self, path, folder, address):
        self.path = path
        self.data = ["--items", str(folder / "items.jsonl"), "--interactions", str(folder / "interactions.csv")]
        self.reason = ["reason", *self.data, "--store", str(folder / "answers.sqlite"), "--model", "smollm2"]
        self.reason += ["--holdout", "last-two", "--limit", str(USERS), "--answer-words", "6", "--format", "json"]
        self.ask = [*self.reason, "--base-url", address, "--concurrency", str(CONCURRENCY)]

    def run(self, *arguments):
        print("$ isrf", *arguments, flush=True)
        result = subprocess.run([self.path, *arguments], stdout=subprocess.PIPE, text=True)
        require(result.returncode == 0, f"isrf ended with status {result.returncode}")
        print(result.stdout, flush=True)
        return result.stdout


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def kept(store):
    """Answers in a store, the requests that they took, and questions that failed."""
    database = sqlite3.connect(store)
    try:
        answers, requests = database.execute("SELECT count(*), coalesce(sum(attempts), 0) FROM answer").fetchone()
        return answers, requests, database.execute("SELECT count(*) FROM failure").fetchone()[0]
    finally:
        database.close()


def kill_half_way(isrf, log, questions):
    """Starts a run and kills it when half of the questions were asked."""
    print("$ isrf", *isrf.ask, "   (killed half-way)", flush=True)
    run = subprocess.Popen([isrf.path, *isrf.ask], stdout=subprocess.DEVNULL)
    while len(lines(log)) < questions // 2:
        require(run.poll() is None, f"the run ended with status {run.returncode} before it was half done")
        time.sleep(0.1)
    run.send_signal(signal.SIGKILL)
    run.wait()


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    log = folder / "requests.log"
    write_shop(sys.argv[3], sys.argv[4], folder)
    server = subprocess.Popen(
        [sys.executable, str(pathlib.Path(__file__).with_name("llama_server.py")), sys.argv[2], str(log)],
        stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()
        require(address, "the model's server did not start")
        isrf = Isrf(sys.argv[1], folder, address)
        check_reasoning(isrf, folder, log)
        check_training(isrf, folder)
    finally:
        server.kill()
        subprocess.run(["rm", "-rf", str(folder)])
    print("Reasoned, killed, resumed, trained and recommended.")


def check_reasoning(isrf, folder, log):
    questions = json.loads(isrf.run(*isrf.reason, "--dry-run"))["calls"]
    require(questions > 3 * USERS, f"only {questions} questions")
    kill_half_way(isrf, log, questions)
    answers, requests, failures = kept(folder / "answers.sqlite")
    asked = len(lines(log))
    stored = json.loads(isrf.run(*isrf.reason, "--dry-run"))["stored"]
    require(stored >= answers > 0, f"of {answers} answers in the store {stored} are used")
    report = json.loads(isrf.run(*isrf.ask))
    repeated = sum(count - 1 for count in collections.Counter(lines(log)).values())
    print(f"{questions} questions; {asked} requests before the kill, {answers} answers and {failures} failures kept of "
          f"them; {report['calls']} requests after it, {repeated} of them made before", flush=True)
    failed = report["items"]["failed"] + report["users"]["failed"]
    # A question under way may have had its answer and be at having it put right.
    under_way = 2 * CONCURRENCY
    require(asked - requests - 2 * failures <= under_way, "answers were lost that were not under way")
    # The next run tries a question anew that failed: both its requests are made again.
    require(repeated <= under_way + 2 * failures + report["retries"], "a question with an answer was asked again")
    for part in ("items", "users"):
        require(report[part]["unfinished"] == 0, f"not all {part} were tried")
        require(report[part]["profiles"] > 0, f"none of the {part} has a profile")
    require(failed == len(report["failures"]), "failures are not all listed")
    require(all(failure["reason"] for failure in report["failures"]), "a failure has no reason")


def check_training(isrf, folder):
    profiles, model = str(folder / "profiles.jsonl"), str(folder / "model")
    before = len(lines(folder / "requests.log"))
    report = json.loads(isrf.run(*isrf.reason, "--export-profiles", profiles))
    require(len(lines(folder / "requests.log")) == before, "exporting has called the model")
    require(len(lines(pathlib.Path(profiles))) == 1 + report["items"]["profiles"] + report["users"]["profiles"],
            "the file has other profiles than were said")
    options = [*isrf.data, "--config", str(folder / "settings.yaml"), "--profiles", profiles]
    summary = isrf.run("train", *options, "--holdout", "last-two", "--model", model)
    require(f"profiles of {report['items']['profiles']} of" in summary, "training does not say how many profiles it has")
    with open(folder / "interactions.csv", encoding="utf-8", newline="") as file:
        user = next(csv.DictReader(file))["user"]
    answer = json.loads(isrf.run("recommend", "--model", model, "--user", user, "--count", "3", "--format", "json"))
    require(len(answer["recommendations"]) == 3, "there are no three recommendations")
    isrf.run("evaluate", *options)


if __name__ == "__main__":
    main()
