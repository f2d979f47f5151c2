"""A proxy before a Kafka broker, for tests: cuts and restores connections, speaks TLS, asks for a password.

  broker_proxy.py [--tls CERTIFICATE KEY] [--password USER PASSWORD]

Prints `port=N`, then reads commands from standard input, one a line, and answers each with `done`:
  upstream PORT   where the broker is
  cut             ends every connection and takes no new ones
  restore         takes connections again
  hang            keeps connections and passes nothing on
It ends with its input. With --password it answers SaslHandshake and SaslAuthenticate (PLAIN) itself, as the broker behind it has
no users.
"""

import argparse
import socket
import ssl
import struct
import sys
import threading

API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = 18, 17, 36


class Proxy:
    def __init__(self, arguments):
        self.password = arguments.password
        self.tls = None
        if arguments.tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*arguments.tls)
        self.upstream = 0
        self.open = set()
        self.lock = threading.Lock()
        self.passing = threading.Event()
        self.passing.set()
        self.listener = None
        self.port = 0

    def listen(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def cut(self):
        listener, self.listener = self.listener, None
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self.lock:
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def serve(self, client):
        with self.lock:
            self.open.add(client)
        try:
            if self.tls:
                plain, client = client, self.tls.wrap_socket(client, server_side=True)
                with self.lock:
                    self.open.discard(plain)
                    self.open.add(client)
            broker = socket.create_connection(("127.0.0.1", self.upstream))
            with self.lock:
                self.open.add(broker)
            if self.password and not self.authenticate(client, broker):
                return
            back = threading.Thread(target=self.copy, args=(broker, client), daemon=True)
            back.start()
            self.copy(client, broker)
            back.join()
            with self.lock:
                self.open.discard(broker)
            broker.close()
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(client)
            client.close()

    def copy(self, source, target):
        try:
            while data := source.recv(1 << 16):
                self.passing.wait()
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def authenticate(self, client, broker):
        """Answers requests until the client has given the right password; whether it has."""
        while frame := read_frame(client):
            key, version, correlation, name = struct.unpack(">hhih", frame[:10])
            body = frame[10 + max(0, name):]
            if key == API_VERSIONS:
                write_frame(broker, frame)
                write_frame(client, read_frame(broker))
            elif key == SASL_HANDSHAKE:
                mechanism = body[2:].decode()
                error = 0 if mechanism == "PLAIN" else 33
                write_frame(client, struct.pack(">ihih", correlation, error, 1, 5) + b"PLAIN")
            elif key == SASL_AUTHENTICATE:
                _, user, password = body[4:].split(b"\0")
                if [user.decode(), password.decode()] == self.password:
                    write_frame(client, struct.pack(">ihhi", correlation, 0, -1, 0) + bytes(8 if version else 0))
                    return True
                words = b"Authentication failed: invalid credentials"
                answer = struct.pack(">ihh", correlation, 58, len(words)) + words + struct.pack(">i", 0)
                write_frame(client, answer + bytes(8 if version else 0))
                return False
            else:
                return False
        return False


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            return None
        data += part
    return data


def read_frame(connection):
    length = read_exactly(connection, 4)
    return read_exactly(connection, struct.unpack(">i", length)[0]) if length else None


def write_frame(connection, frame):
    connection.sendall(struct.pack(">i", len(frame)) + frame)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--password", nargs=2)
    proxy = Proxy(parser.parse_args())
    proxy.listen()
    print(f"port={proxy.port}", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "upstream":
            proxy.upstream = int(words[1])
        elif words[0] == "cut":
            proxy.cut()
        elif words[0] == "restore":
            proxy.passing.set()
            if proxy.listener is None:
                proxy.listen()
        elif words[0] == "hang":
            proxy.passing.clear()
        print("done", flush=True)


main()
