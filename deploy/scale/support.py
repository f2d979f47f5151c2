"""What the scripts of this folder share, and deploy/several-check."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BROKER_HOME = pathlib.Path(os.environ.get("GLOSS_BROKER_HOME", pathlib.Path.home() / ".cache/gloss/broker"))
# What a program needs as LD_LIBRARY_PATH to talk to that broker.
BROKER_LIBRARY = str(BROKER_HOME / "lib")
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def amount(text):
    """A number such as 1048576, 250k, 10M or 1.5G."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kMG]?)", text)
    if not found:
        raise ValueError(f"{text} is no amount such as 250k or 10M")
    return int(float(found[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[found[2]])


def default_gloss():
    return os.environ.get("GLOSS", str(ROOT / ".build/release/gloss"))


def default_model():
    return os.environ.get("MODEL", str(ROOT / "models/SmolLM2-135M-Instruct.Q4_1.gguf"))


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


def start_broker(address="127.0.0.1", prefix=()):
    """A real broker that keeps all in memory, as deploy/setup installs it, and its address; `prefix` begins its command."""
    port = free_port()
    listener = f"tcp://{address}:{port}"
    process = subprocess.Popen(
        [*prefix, BROKER_HOME / "tansu", "broker", "--listener-url", listener, "--advertised-listener-url", listener,
         "--storage-engine", "memory://tansu/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection((address, port), 1).close()
            return process, f"{address}:{port}"
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"the broker {BROKER_HOME}/tansu does not answer")


def make_topic(brokers, topic, partitions):
    """Makes a topic if it is not there."""
    from confluent_kafka.admin import AdminClient, NewTopic

    admin = AdminClient({"bootstrap.servers": brokers})
    if topic in admin.list_topics(timeout=30).topics:
        return
    for future in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
        future.result()


def get(url, timeout=600):
    """The status and body of an answer, and the seconds until it was whole; status 0 if nobody answers."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, answer.read(), time.monotonic() - began
    except urllib.error.HTTPError as error:
        return error.code, error.read(), time.monotonic() - began
    except OSError:
        return 0, b"", time.monotonic() - began


def metrics(port):
    """The samples of /metrics by name with labels; none if nobody answers."""
    status, body, _ = get(f"http://127.0.0.1:{port}/metrics", timeout=60)
    if status != 200:
        return {}
    pairs = (line.rsplit(" ", 1) for line in body.decode().splitlines() if line and line[0] != "#")
    return {name: float(value) for name, value in pairs}


def process_figures(pid):
    """Resident bytes, the most so far, and the CPU seconds of a process; `None` once it is gone."""
    try:
        with open(f"/proc/{pid}/status") as file:
            lines = dict(line.split(":", 1) for line in file)
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        size = lambda key: int(lines[key].split()[0]) * 1024
        return {
            "resident": size("VmRSS"), "peak": size("VmHWM"), "anonymous": size("RssAnon"),
            "cpu": (int(fields[11]) + int(fields[12])) / TICKS,
        }
    except (OSError, KeyError, IndexError):
        return None


def stop(process):
    """Ends a process that was started here, and waits for it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(90)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def folder_bytes(path):
    return sum(entry.stat().st_size for entry in pathlib.Path(path).rglob("*") if entry.is_file())
