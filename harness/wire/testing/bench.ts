import { createServer, type Server, type Socket } from 'node:net';
import { random } from '#core';
import { createLab, type Lab, type LabOptions } from '#lab';
import { tcpListen, tcpSocket } from '#sys';
import { parseAddress, type Endpoint, type Family } from '#tcp';
import { Trace } from '#trace';
import { Peer, Wire, type PeerOptions } from '#wire';

/** For tests: a lab with a server of this process in it, whose application side the test commands. */
export interface Bench extends AsyncDisposable {
  readonly lab: Lab;
  readonly wire: Wire;
  readonly trace: Trace;
  readonly server: Endpoint;
  /** The next connection that the server accepts. */
  accepted(): Promise<Socket>;
  peer(options?: Partial<PeerOptions>): Peer;
}

/** A listening kernel socket in a new lab, on `family` alone. */
export function openBench(family: Family, options: LabOptions = {}): Bench {
  const lab = createLab(options);
  const server = { address: lab.server.addresses[family]!, port: 7000 };
  const bind = { address: parseAddress(server.address), port: server.port };
  const fd = tcpSocket(lab.server.namespace, { family, reuseAddress: true, bind });
  tcpListen(fd, 16);
  const waiting: ((socket: Socket) => void)[] = [];
  const arrived: Socket[] = [];
  const listener: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    const next = waiting.shift();
    if (next === undefined) arrived.push(socket);
    else next(socket);
  });
  listener.listen({ fd });
  const wire = new Wire(lab, random(1));
  const trace = new Trace();
  return {
    lab,
    wire,
    trace,
    server,
    accepted: async () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    peer: (peerOptions) => new Peer(wire, { family, remote: server, trace, ...peerOptions }),
    [Symbol.asyncDispose]: async () => {
      listener.close();
      for (const socket of arrived) socket.destroy();
      lab.close();
    },
  };
}
