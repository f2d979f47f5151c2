"""A broker: records arrive once and in order, and what cannot be delivered is told."""

import os
import pathlib
import subprocess
import unittest

import numpy as np

from support import ROOT, needs

MOCK = pathlib.Path(os.environ.get("KAFKA_MOCK", ROOT / ".build" / "release" / "kafka-mock"))


@needs("confluent_kafka")
class KafkaTests(unittest.TestCase):
    @unittest.skipUnless(MOCK.exists(), f"left out: there is no {MOCK}")
    def test_records_arrive_in_order_though_the_buffer_is_small(self):
        from confluent_kafka import Consumer, TopicPartition
        from gloss_records import KafkaTarget, Writer, decode

        broker = subprocess.Popen([MOCK, "--topics", "codes:1"], stdout=subprocess.PIPE, text=True, stdin=subprocess.PIPE)
        try:
            address = broker.stdout.readline().strip().partition("=")[2]
            target = KafkaTarget(address, "codes", buffer_bytes=64 << 10)
            with Writer(target, "m", "layers.1", 100, coder="c") as writer:
                for number in range(400):
                    latents = np.arange(32).reshape(1, 32) + np.zeros((50, 1), int)
                    writer.write(np.full(50, number), codes=(latents, np.ones((50, 32))), id=str(number))
            consumer = Consumer({"bootstrap.servers": address, "group.id": "t", "auto.offset.reset": "earliest"})
            consumer.assign([TopicPartition("codes", 0, 0)])
            found = []
            while len(found) < 400:
                message = consumer.poll(20)
                self.assertIsNotNone(message, f"{len(found)} records arrived")
                self.assertIsNone(message.error())
                found.append(decode(message.value()).header.id)
            consumer.close()
            self.assertEqual(found, [str(number) for number in range(400)])
        finally:
            broker.terminate()
            broker.wait()
            broker.stdout.close()
            broker.stdin.close()

    def test_what_cannot_be_delivered_is_told(self):
        from gloss_records import DeliveryError, KafkaTarget, Writer

        # No broker listens there.
        target = KafkaTarget("127.0.0.1:1", "codes", delivery_seconds=1, settings={"log_level": 0})
        with self.assertRaises(DeliveryError):
            with Writer(target, "m", "layers.1", 100, coder="c") as writer:
                writer.write([1], codes=(np.array([[3]]), np.array([[1.0]])))


if __name__ == "__main__":
    unittest.main()
