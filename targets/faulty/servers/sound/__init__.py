"""A sound server of HTTP/1, in parts that a faulty one replaces: see each class."""

from .connection import ANSWERING, BODY, HEAD, IDLE, LINGERING, WORKING, Connection
from .loop import IN
from .server import Server, run
from .tunnel import Tunnel
