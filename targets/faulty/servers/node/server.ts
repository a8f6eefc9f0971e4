import { createServer, type Server as Listener, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { Connection } from './connection.ts';
import { Tunnel } from './tunnel.ts';

/** Whoever is in the queue is accepted in this time before it stops to listen, ms. */
const QUEUE_MS = 20;

/** What a faulty server may replace. */
interface Parts {
  readonly Connection: typeof Connection;
  readonly Tunnel: typeof Tunnel;
  readonly Server: typeof Server;
}

/** Listens, accepts, and ends in order. */
export class Server {
  options = { allowHalfOpen: true, noDelay: true };
  readonly parts: Parts;
  readonly connections = new Set<Connection | Tunnel>();
  draining = false;
  runs = 0;
  readonly listeners: Listener[] = [];

  constructor(parts: Parts) {
    this.parts = parts;
  }

  listen(host: string, port: number): void {
    const listener = createServer(this.options, (socket) => this.onAccepted(socket));
    this.listeners.push(listener.listen({ host, port, ipv6Only: true, backlog: 16 }));
  }

  onAccepted(socket: Socket): void {
    const connection = new this.parts.Connection(this, socket);
    this.connections.add(connection);
    connection.start();
  }

  openTunnel(connection: Connection, target: string): Tunnel {
    return new this.parts.Tunnel(connection, target);
  }

  forget(connection: Connection | Tunnel): void {
    this.connections.delete(connection);
  }

  onSigterm(): void {
    process.once('SIGTERM', () => setTimeout(() => this.drain(), QUEUE_MS));
  }

  /** Serves all who are connected; then nothing is left to do, and Node ends. */
  drain(): void {
    this.draining = true;
    for (const listener of this.listeners) listener.close();
    for (const connection of this.connections) connection.onDrain();
  }
}

/** Serves until SIGTERM. With --sound on the command line the parts given are passed over for the sound ones. */
export function run(parts: Partial<Parts>): void {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', multiple: true, default: [] },
      port: { type: 'string' },
      sound: { type: 'boolean', default: false },
    },
  });
  const chosen = { Connection, Tunnel, Server, ...(values.sound ? {} : parts) } satisfies Parts;
  const server = new chosen.Server(chosen);
  server.onSigterm();
  for (const host of values.listen) server.listen(host, Number(values.port));
}
