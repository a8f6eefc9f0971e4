"""A web server: http.server, as its documentation shows it. Arguments: PORT ADDRESS..."""

import io
import shutil
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

lock = Lock()
runs = 0


class Handler(BaseHTTPRequestHandler):
    # Connections are kept open only with 1.1.
    protocol_version = 'HTTP/1.1'
    # Seconds, of each time that it waits for the client.
    timeout = 2

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == '/':
            self.answer(b'hello\n')
        elif url.path == '/large':
            self.answer(b'x' * int(query['bytes']))
        elif url.path == '/slow':
            time.sleep(int(query['ms']) / 1000)
            self.answer(b'slow\n')
        elif url.path == '/runs':
            self.answer(b'%d\n' % runs)
        elif url.path == '/dial':
            self.dial(query['to'])
        else:
            self.send_error(404)

    def do_POST(self):
        global runs
        if self.path == '/refuse':
            self.send_error(413)
            return
        length = int(self.headers['Content-Length'])
        body = self.rfile.read(length)
        if len(body) < length:
            self.send_error(400, 'the body is not whole')
        elif self.path == '/upload':
            self.answer(b'%d\n' % length)
        elif self.path == '/run':
            with lock:
                runs += 1
            self.answer(b'run\n')
        else:
            self.send_error(404)

    def dial(self, to):
        """Passes on what `/` of another server answers."""
        try:
            with urlopen(f'http://{to}/', timeout=2) as answer:
                self.answer(answer.read())
        except OSError as error:
            self.send_error(502, str(error))

    def answer(self, body):
        self.send_response(200)
        self.send_header('Content-Type', 'text/plain')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        # In pieces, as SimpleHTTPRequestHandler sends a file: the time-out is for each.
        shutil.copyfileobj(io.BytesIO(body), self.wfile)


class Server(ThreadingHTTPServer):
    # The backlog; 5 by default.
    request_queue_size = 16


class Server6(Server):
    address_family = socket.AF_INET6


port, addresses = int(sys.argv[1]), sys.argv[2:]
servers = [(Server6 if ':' in address else Server)((address, port), Handler) for address in addresses]
for server in servers[1:]:
    Thread(target=server.serve_forever, daemon=True).start()
servers[0].serve_forever()
