"""The head of a request (RFC 9112 §3)."""

import urllib.parse


class BadRequest(Exception):
    pass


class Request:
    def __init__(self, head):
        line, *fields = head.decode('latin1').split('\r\n')
        try:
            self.method, target, version = line.split(' ')
            headers = {name.lower(): value.strip() for name, value in (field.split(':', 1) for field in fields)}
            self.length = int(headers.get('content-length', '0'))
        except ValueError:
            raise BadRequest(line) from None
        self.target = target
        self.path, _, query = target.partition('?')
        self.query = dict(urllib.parse.parse_qsl(query))
        self.closes = version == 'HTTP/1.0' or headers.get('connection') == 'close'
