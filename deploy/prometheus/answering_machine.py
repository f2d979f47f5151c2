"""A server with the OpenAI protocol that knows nothing: it answers as a judge would, sometimes wrongly, late, or not at all.

For looking at metrics only: its explanations say nothing, and its verdicts are drawn. Prints its port once it listens.
"""

import http.server
import json
import random
import re
import time


class Machine(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    drawn = random.Random(7)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = "\n".join(message["content"] for message in body["messages"])
        time.sleep(self.drawn.expovariate(20))
        luck = self.drawn.random()
        if luck < 0.04:
            return self.answer(500, {"error": {"message": "out of memory"}})
        asked = len(re.findall(r"^Example \d+", body["messages"][-1]["content"], re.MULTILINE))
        if luck < 0.08:
            content = "I would rather not say."
        elif asked:
            content = "[" + ", ".join(str(int(self.drawn.random() < 0.5)) for _ in range(asked)) + "]"
        else:
            content = "[EXPLANATION]: words that nobody has read"
        self.answer(200, {
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": len(text) // 4, "completion_tokens": len(content) // 4,
                      "prompt_tokens_details": {"cached_tokens": len(text) // 8}}})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Machine)
print(server.server_port, flush=True)
server.serve_forever()
