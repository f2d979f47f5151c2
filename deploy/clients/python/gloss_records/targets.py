"""Where records go: a Kafka topic, or files."""

import os
import threading
from typing import Any, Dict, Optional


class DeliveryError(RuntimeError):
    """Records that were not delivered, and why."""


class FileTarget:
    """Records one behind the other in a file, which has its name once it is whole.

    Until then it is `path` with `.part` behind it. `maximum_bytes` bounds a record.
    """

    def __init__(self, path: str, maximum_bytes: int = 64 << 20):
        self.path = os.fspath(path)
        self.maximum_bytes = maximum_bytes
        self._file = open(self.path + ".part", "wb")

    def send(self, record: bytes, key: Optional[bytes]) -> None:
        """Adds a record."""
        self._file.write(record)

    def flush(self) -> None:
        """Leaves nothing in memory."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self, failed: bool = False) -> None:
        """Gives the file its name, unless the work has failed."""
        if self._file.closed:
            return
        self.flush()
        self._file.close()
        if not failed:
            os.replace(self.path + ".part", self.path)


class KafkaTarget:
    """Records as values of a topic, compressed, in order and each once.

    What waits to be sent is bounded by `buffer_bytes`: then `send` waits, so that the model is never ahead of the brokers
    by more. `settings` are librdkafka's own and go before those given here.
    """

    def __init__(
        self,
        brokers: str,
        topic: str,
        settings: Optional[Dict[str, Any]] = None,
        maximum_bytes: int = 900_000,
        buffer_bytes: int = 64 << 20,
        delivery_seconds: float = 120,
    ):
        from confluent_kafka import Producer

        self.topic = topic
        self.maximum_bytes = maximum_bytes
        self.delivery_seconds = delivery_seconds
        self._lock = threading.Lock()
        self._failure: Optional[str] = None
        self._failed = 0
        options: Dict[str, Any] = {
            "bootstrap.servers": brokers,
            "enable.idempotence": True,
            "compression.type": "zstd",
            "linger.ms": 50,
            "message.max.bytes": max(1_000_000, maximum_bytes + 100_000),
            "queue.buffering.max.kbytes": max(1, buffer_bytes >> 10),
            "delivery.timeout.ms": int(1000 * delivery_seconds),
        }
        options.update(settings or {})
        self._producer = Producer(options)

    def _delivered(self, error: Any, message: Any) -> None:
        if error is None:
            return
        with self._lock:
            self._failed += 1
            self._failure = self._failure or str(error)

    def _check(self) -> None:
        with self._lock:
            if self._failure is not None:
                raise DeliveryError(
                    f"{self._failed} records were not delivered to {self.topic}: {self._failure}. "
                    "If they are too large, lower maximum_bytes or raise the topic's max.message.bytes."
                )

    def send(self, record: bytes, key: Optional[bytes]) -> None:
        """Hands a record over; waits while too much is on its way."""
        while True:
            self._check()
            try:
                self._producer.produce(self.topic, value=record, key=key, on_delivery=self._delivered)
                break
            except BufferError:
                self._producer.poll(0.1)
        self._producer.poll(0)

    def flush(self) -> None:
        """Waits until the brokers have everything."""
        left = self._producer.flush(self.delivery_seconds + 10)
        self._check()
        if left:
            raise DeliveryError(f"{left} records still wait to be delivered to {self.topic}")

    def close(self, failed: bool = False) -> None:
        """Waits likewise, unless the work has failed."""
        if not failed:
            self.flush()
