"""The same work by scapy: a peer on a TUN device, in the namespace that this process is started in.

Each line of the input is a job, `handshakes 100`; each answer a line of JSON. scapy's quickest way is taken: one TUN socket,
sent to and received from directly, without sr1() and the thread that it starts for every packet.
"""

import itertools
import json
import select
import socket
import subprocess
import sys
import time
import tracemalloc

from scapy.all import IP, TCP, Raw
from scapy.layers.tuntap import TunTapInterface

SERVER, PEER = "198.18.0.1", "198.18.1.1"
PORT = 7000
DEVICE = "tun0"
PATIENCE = 2.0
NAMES = {
    "SYN-RECV": "SYN_RCVD",
    "ESTAB": "ESTABLISHED",
    "FIN-WAIT-1": "FIN_WAIT_1",
    "FIN-WAIT-2": "FIN_WAIT_2",
    "TIME-WAIT": "TIME_WAIT",
}


def write_sysctl(name, value):
    with open(f"/proc/sys/net/{name}", "w") as file:
        file.write(str(value))


def open_link():
    tun = TunTapInterface(DEVICE, mode_tun=True)
    write_sysctl(f"ipv6/conf/{DEVICE}/disable_ipv6", 1)
    write_sysctl("core/somaxconn", 65535)
    write_sysctl("ipv4/tcp_max_syn_backlog", 65535)
    write_sysctl("ipv4/tcp_syncookies", 0)
    for command in (
        f"ip address add {SERVER}/15 dev {DEVICE}",
        f"ip link set {DEVICE} txqueuelen 20000 up",
        "ip link set lo up",
    ):
        subprocess.run(command.split(), check=True)
    return tun


def open_listener():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((SERVER, PORT))
    listener.listen(65535)
    return listener


def receive(tun, port, flags):
    """The next segment to this port that has these flags."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not select.select([tun], [], [], deadline - time.monotonic())[0]:
            break
        packet = tun.recv()
        if TCP in packet and packet[TCP].dport == port and all(flag in packet[TCP].flags for flag in flags):
            return packet
    raise SystemExit(f"no segment with {flags} at port {port}")


def segment(source, flags, seq, ack=0):
    return IP(src=PEER, dst=SERVER) / TCP(sport=source, dport=PORT, flags=flags, seq=seq, ack=ack)


def handshakes(tun, count, ports):
    with open_listener() as listener:
        start = time.perf_counter()
        for _ in range(count):
            source = next(ports)
            tun.send(segment(source, "S", 1000))
            ack = receive(tun, source, "SA")[TCP].seq + 1
            tun.send(segment(source, "A", 1001, ack))
            tun.send(segment(source, "R", 1001, ack))
        seconds = time.perf_counter() - start
        # As many as were made are there to be accepted, reset or not.
        listener.setblocking(False)
        for _ in range(count):
            listener.accept()[0].close()
    return {"count": count, "seconds": seconds}


def state_by_ss(source):
    """How a scapy user learns it: of the connection with that port, or of the listener for none."""
    which = ["-Htln", f"sport = :{PORT}"] if source is None else ["-Htan", f"sport = :{PORT} and dport = :{source}"]
    line = subprocess.run(["ss", *which], capture_output=True, text=True, check=True).stdout.split()
    return NAMES.get(line[0], line[0]) if line else "CLOSED"


PATH = ["LISTEN", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT"]


def case(tun, listener, source, look):
    """The server closes first, through six states. look() tells the state after each segment, or nothing where states are left out."""
    path = [look(None)]
    tun.send(segment(source, "S", 1000))
    answer = receive(tun, source, "SA")
    path.append(look(source))
    ack = answer[TCP].seq + 1
    tun.send(segment(source, "A", 1001, ack))
    path.append(look(source))
    accepted, _ = listener.accept()
    tun.send(segment(source, "PA", 1001, ack) / Raw(b"hello"))
    accepted.recv(100)
    accepted.sendall(b"bye")
    accepted.close()
    fin = receive(tun, source, "F")
    path.append(look(source))
    ack = fin[TCP].seq + len(fin[TCP].payload) + 1
    tun.send(segment(source, "A", 1006, ack))
    path.append(look(source))
    tun.send(segment(source, "FA", 1006, ack))
    path.append(look(source))
    return path


def cases(tun, count, ports, look, expected):
    with open_listener() as listener:
        start = time.perf_counter()
        for _ in range(count):
            path = case(tun, listener, next(ports), look)
            if path != expected:
                raise SystemExit(f"a case went another way: {path}")
        return {"count": count, "seconds": time.perf_counter() - start}


def half_open(tun, count, ports):
    with open_listener():
        held = []
        start = time.perf_counter()
        for _ in range(count):
            source = next(ports)
            syn = segment(source, "S", 1000)
            tun.send(syn)
            held.append((syn, receive(tun, source, "SA")))
        seconds = time.perf_counter() - start
        found = subprocess.run(["ss", "-Htan", "state", "syn-recv"], capture_output=True, text=True).stdout.count("\n")
        if found != count:
            raise SystemExit(f"{found} of {count} half-open connections")
        traced = tracemalloc.get_traced_memory()[0]
        for syn, _ in held:
            tun.send(segment(syn[TCP].sport, "R", 1001))
        return {"count": count, "seconds": seconds, "bytes": traced / count}


def half_open_traced(tun, count, ports):
    """As slow as counting every allocation makes it: for the memory alone."""
    tracemalloc.start()
    try:
        return half_open(tun, count, ports)
    finally:
        tracemalloc.stop()


JOBS = {
    "handshakes": handshakes,
    "cases": lambda tun, count, ports: cases(tun, count, ports, lambda source: None, [None] * len(PATH)),
    "cases-ss": lambda tun, count, ports: cases(tun, count, ports, state_by_ss, PATH),
    "half-open": half_open,
    "half-open-traced": half_open_traced,
}

# No port twice, in all that a benchmark asks for.
link, all_ports = open_link(), itertools.cycle(range(10000, 65000))
for line in sys.stdin:
    job, number = line.split()
    print(json.dumps(JOBS[job](link, int(number), all_ports)), flush=True)
