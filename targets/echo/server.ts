// Echoes what it receives. A line that starts with one of COMMANDS is obeyed instead.
import { connect, createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { listen: { type: 'string', multiple: true, default: [] }, port: { type: 'string' } },
});

type Command = (socket: Socket, words: readonly string[]) => void;

const dialled = new Map<Socket, Socket>();

const COMMANDS: Readonly<Record<string, Command>> = {
  // close(): both directions end for the process, and the kernel is left with the rest.
  quit: (socket) => {
    socket.write('bye\n');
    socket.destroySoon();
  },
  // shutdown(SHUT_WR): it reads on.
  shut: (socket) => socket.end('bye\n'),
  large: (socket, [bytes]) => socket.write(Buffer.alloc(Number(bytes), 'x')),
  dial: (socket, [host = '', port]) => {
    dialled.get(socket)?.destroy();
    const outbound = connect({ host, port: Number(port) }, () => tell(socket, 'dialled\n'));
    outbound.on('error', ({ message }) => tell(socket, `${message}\n`));
    dialled.set(socket, outbound);
  },
  undial: (socket) => {
    dialled.get(socket)?.destroy();
    dialled.delete(socket);
  },
};

const COMMAND = new RegExp(`^(${Object.keys(COMMANDS).join('|')})( .*)?$`);
/** The start of a line that may become a command. */
const LONGEST_COMMAND = 80;

function mayBecomeCommand(text: string): boolean {
  return (
    text.length < LONGEST_COMMAND &&
    Object.keys(COMMANDS).some((name) => name.startsWith(text) || text.startsWith(`${name} `))
  );
}

function tell(socket: Socket, text: string): void {
  if (socket.writable) socket.write(text, 'latin1');
}

function serve(socket: Socket): void {
  /** What has come of a line so far and is not echoed yet; null: the line is being echoed. */
  let held: string | null = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    for (const piece of chunk.match(/[^\n]*\n|[^\n]+/g) ?? []) {
      const text: string = (held ?? '') + piece;
      const [, name = '', args = ''] = (held !== null && COMMAND.exec(text.replace(/\r?\n$/, ''))) || [];
      if (text.endsWith('\n')) {
        if (name === '') tell(socket, text);
        else COMMANDS[name]!(socket, args.trim().split(' '));
        held = '';
      } else if (held !== null && mayBecomeCommand(text)) {
        held = text;
      } else {
        tell(socket, text);
        held = null;
      }
    }
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('end', () => socket.end(held ?? '', 'latin1'));
  socket.on('error', () => undefined);
  socket.on('close', () => dialled.get(socket)?.destroy());
}

const connections = new Set<Socket>();

const servers = values.listen.map((host) => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    serve(socket);
  });
  return server.listen({ host, port: Number(values.port), ipv6Only: true });
});

process.on('SIGTERM', () => {
  for (const server of servers) server.close();
  for (const socket of connections) socket.destroy();
});
