"""Machines in place of processes: network namespaces, each with a network stack and an address of its own, on one bridge.

Needs root and `ip`. What they share is the disk.
"""

import os
import shutil
import subprocess
import threading
import time

BRIDGE = "gloss-bridge"
SUBNET = "10.213.77"


def ip(*words, checked=True):
    run = subprocess.run(["ip", *words], capture_output=True, text=True)
    if checked and run.returncode != 0:
        raise SystemExit(f"error: ip {' '.join(words)}: {run.stderr.strip()}")


class Machine:
    def __init__(self, number):
        self.name = f"gloss-{number}"
        self.address = f"{SUBNET}.{number}"
        # Names of links have at most 15 characters.
        self.link = f"gloss-link-{number}"
        ip("netns", "add", self.name)
        ip("link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", self.link, "master", BRIDGE, "up")
        ip("-n", self.name, "address", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            ip("-n", self.name, "link", "set", device, "up")
        # What a command is begun with so that it runs there; `ip` becomes the command, so that a kill meets it.
        self.prefix = ["ip", "netns", "exec", self.name]

    def cut(self, seconds):
        """Takes the machine off the network for a time; what is sent meanwhile is lost."""
        ip("link", "set", self.link, "down")
        time.sleep(seconds)
        ip("link", "set", self.link, "up")


class Machines:
    """Up to 253 machines; the network that is left when one of them is gone stays until the end."""

    def __init__(self):
        if os.geteuid() != 0 or not shutil.which("ip"):
            raise SystemExit("error: machines are network namespaces, which need root and iproute2")
        self.remove()
        self.count = 0
        self.lock = threading.Lock()
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("address", "add", f"{SUBNET}.254/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")

    def add(self):
        with self.lock:
            self.count += 1
            return Machine(self.count)

    def remove(self):
        for name in os.listdir("/run/netns") if os.path.isdir("/run/netns") else []:
            if name.startswith("gloss-"):
                ip("netns", "delete", name, checked=False)
        ip("link", "delete", BRIDGE, checked=False)
