// Echoes what it receives. A line that is a command is obeyed instead. A client that has closed its sending side gets all
// that it has asked for.
import { createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { mayBecomeCommand, obey, tell, type Client } from './commands.ts';

const { values } = parseArgs({
  options: { listen: { type: 'string', multiple: true, default: [] }, port: { type: 'string' } },
});

const BACKLOG = 16;

function serve(socket: Socket): void {
  const client: Client = { socket };
  /** What has come of a line so far and is not echoed yet; null: the line is being echoed. */
  let held: string | null = '';

  const take = (piece: string): void => {
    if (client.sink !== undefined) return client.sink(piece);
    const text: string = (held ?? '') + piece;
    if (text.endsWith('\n')) {
      if (held === null || !obey(client, text)) tell(client, text);
      held = '';
    } else if (held !== null && mayBecomeCommand(text)) {
      held = text;
    } else {
      tell(client, text);
      held = null;
    }
  };

  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    for (const piece of chunk.match(/[^\n]*\n|[^\n]+/g) ?? []) take(piece);
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('end', () => {
    const end = client.onEnd ?? ((): unknown => socket.end(held ?? '', 'latin1'));
    if (client.owed === undefined) end();
    else void client.owed.then(end);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => client.outbound?.destroy());
}

const connections = new Set<Socket>();

const servers = values.listen.map((host) => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    serve(socket);
  });
  return server.listen({ host, port: Number(values.port), ipv6Only: true, backlog: BACKLOG });
});

process.on('SIGTERM', () => {
  for (const server of servers) server.close();
  for (const socket of connections) socket.destroy();
});
