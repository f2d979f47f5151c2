"""A running daemon, looked at once a second."""

import datetime
import re
import subprocess
import threading
import time

from support import folder_bytes, get, metrics, process_figures, stop


class Daemon:
    """`gloss run` of a topology, looked at from its start to its end: /proc each second, /metrics as often as is asked for.

    Metrics of a million latents cost the daemon seconds, so they are asked for as rarely as Prometheus does.
    """

    def __init__(self, gloss, topology, state, port, environment, log, scrape):
        self.port, self.state, self.scrape = port, state, scrape
        self.began = time.monotonic()
        self.path = log
        self.log = open(log, "w")
        self.process = subprocess.Popen(
            [gloss, "run", topology, "--until-drained", "--verbose", "--no-report"], env=environment, stdout=self.log,
            stderr=self.log)
        # Lines of the log are timed by its own clock.
        self.clock = datetime.datetime.now(datetime.timezone.utc)
        self.samples, self.scrapes, self.ready, self.peak = [], [], None, 0
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._watch, self._scrape)]
        for thread in self._threads:
            thread.start()

    @property
    def at(self):
        return time.monotonic() - self.began

    def _watch(self):
        while self.process.poll() is None and not self._ends.wait(1.0 if self.ready else 0.1):
            if self.ready is None and get(f"http://127.0.0.1:{self.port}/readyz", timeout=5)[0] == 200:
                self.ready = self.at
            figures = process_figures(self.process.pid)
            if figures is not None and (not self.samples or self.at - self.samples[-1]["at"] >= 0.9):
                self.peak = max(self.peak, figures["peak"])
                self.samples.append({"at": self.at, **figures, "disk": folder_bytes(self.state)})

    def _scrape(self):
        while self.process.poll() is None and not self._ends.wait(self.scrape if self.scrapes else 1.0):
            self.look()

    def look(self):
        """Asks for the metrics now."""
        at = self.at
        told = metrics(self.port) if self.ready else {}
        if told:
            self.scrapes.append({"at": at, "answered_in": self.at - at, **read(told)})
        return self.latest

    @property
    def latest(self):
        return self.scrapes[-1] if self.scrapes else {}

    def lines(self, pattern):
        """The seconds after its start at which lines of the log came that match, each with the match."""
        found = []
        with open(self.path, errors="replace") as log:
            for line in log:
                match = re.search(pattern, line)
                if match and re.match(r"\d{4}-\d\d-\d\dT", line):
                    told = datetime.datetime.fromisoformat(line.split()[0].replace("Z", "+00:00"))
                    found.append(((told - self.clock).total_seconds(), match))
        return found

    def wait(self, condition, limit):
        """Waits until a condition holds; false once the process has ended, or after `limit` seconds."""
        end = time.monotonic() + limit
        while time.monotonic() < end and self.process.poll() is None:
            if condition():
                return True
            time.sleep(0.2)
        return condition()

    def kill(self):
        """Ends it by SIGKILL."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self):
        """Ends it by SIGTERM; gives the seconds that took."""
        began = time.monotonic()
        stop(self.process)
        self._close()
        return time.monotonic() - began

    def finish(self, limit):
        """Waits until it ends by itself; its exit code, or `None` if it was stopped at the limit."""
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.stop()
            return None
        self._close()
        return self.process.returncode

    def _close(self):
        self._ends.set()
        for thread in self._threads:
            thread.join()
        self.log.close()


LABELS = re.compile(r'(\w+)="([^"]*)"')


def read(told):
    """What is kept of /metrics."""
    sample = {"held": {}, "jobs": {}, "busy": {}, "reservoir_sample": {}, "evidence_bytes": 0}
    single = {
        "gloss_tokens_processed_total": "tokens", "gloss_tokens_sampled_total": "sampled",
        "gloss_checkpoints_total": "checkpoints", "gloss_checkpoint_delay_seconds_sum": "delay_sum",
        "gloss_checkpoint_delay_seconds_count": "delay_count", "gloss_ingesting": "ingesting",
        "gloss_state_bytes": "state_bytes",
    }
    for name, value in told.items():
        bare, labels = name.partition("{")[0], dict(LABELS.findall(name))
        if bare in single:
            sample[single[bare]] = value
        elif bare == "gloss_memory_held_bytes":
            sample["held"][labels["part"]] = value
        elif bare == "gloss_jobs_total" and labels.get("outcome") == "done":
            sample["jobs"][labels["component_id"]] = value
        elif bare == "gloss_component_busy_seconds_total":
            sample["busy"][labels["component_id"]] = value
        elif bare == "gloss_reservoir_sample":
            sample["reservoir_sample"][labels["component_id"]] = value
        elif bare == "gloss_evidence_bytes":
            sample["evidence_bytes"] += value
    return sample


def delays(scrapes):
    """How late checkpoints were: the mean of those between two looks at the metrics, and how many these were."""
    late, sums, counts = [], 0.0, 0
    for scrape in scrapes:
        count = int(scrape.get("delay_count", 0))
        if count > counts:
            mean = (scrape["delay_sum"] - sums) / (count - counts)
            late.append({"at": scrape["at"], "tokens": scrape.get("sampled", 0), "count": count - counts, "mean": mean})
            sums, counts = scrape["delay_sum"], count
    return late
