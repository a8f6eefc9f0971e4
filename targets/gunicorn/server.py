"""A WSGI application."""

import time
from threading import Lock
from urllib.parse import parse_qs
from urllib.request import urlopen

lock = Lock()
runs = 0


def app(environ, start_response):
    global runs

    def answer(body, status='200 OK'):
        start_response(status, [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
        return [body]

    def read():
        """The body; None when the client has left before its end."""
        length = int(environ['CONTENT_LENGTH'])
        body = environ['wsgi.input'].read(length)
        return body if len(body) == length else None

    path = environ['PATH_INFO']
    query = {name: values[0] for name, values in parse_qs(environ['QUERY_STRING']).items()}
    if path == '/':
        return answer(b'hello\n')
    if path == '/large':
        return answer(b'x' * int(query['bytes']))
    if path == '/slow':
        time.sleep(int(query['ms']) / 1000)
        return answer(b'slow\n')
    if path == '/refuse':
        return answer(b'refused\n', '413 Payload Too Large')
    if path == '/runs':
        return answer(b'%d\n' % runs)
    if path == '/dial':
        try:
            with urlopen(f'http://{query["to"]}/', timeout=2) as response:
                return answer(response.read())
        except OSError as error:
            return answer(f'{error}\n'.encode(), '502 Bad Gateway')
    if path not in ('/upload', '/run'):
        return answer(b'not found\n', '404 Not Found')
    body = read()
    if body is None:
        return answer(b'the body is not whole\n', '400 Bad Request')
    if path == '/upload':
        return answer(b'%d\n' % len(body))
    with lock:
        runs += 1
    return answer(b'run\n')
