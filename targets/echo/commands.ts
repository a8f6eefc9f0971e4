import { connect, type Socket } from 'node:net';

/** One connection. */
export interface Client {
  readonly socket: Socket;
  /** What it has been told to dial. */
  outbound?: Socket;
  /** Takes what comes next, a line or a part of one, in place of the echo. */
  sink?: (text: string) => void;
  /** What the end of what it sends leads to, in place of the end of what we send. */
  onEnd?: () => void;
  /** An answer that is still to come. */
  owed?: Promise<void>;
}

type Command = (client: Client, words: readonly string[]) => void;

/** So long a relay waits for more from one side when the other has closed its own, milliseconds. */
const LINGER_MS = 10_000;

let runs = 0;

const COMMANDS: Readonly<Record<string, Command>> = {
  // close(): both directions end for the process, and the kernel is left with the rest.
  quit: ({ socket }) => {
    socket.write('bye\n');
    socket.destroySoon();
  },
  // shutdown(SHUT_WR): it reads on.
  shut: ({ socket }) => socket.end('bye\n'),
  large: ({ socket }, [bytes]) => socket.write(Buffer.alloc(Number(bytes), 'x')),
  slow: (client, [ms]) => {
    client.owed = new Promise((resolve) => setTimeout(resolve, Number(ms))).then(() =>
      tell(client, 'slow\n'),
    );
  },
  // The line that follows is counted, and not echoed.
  upload: (client) => {
    let bytes = 0;
    client.sink = (text) => {
      bytes += text.length;
      if (!text.endsWith('\n')) return;
      delete client.sink;
      tell(client, `${bytes}\n`);
    };
  },
  run: (client) => tell(client, `${++runs}\n`),
  runs: (client) => tell(client, `${runs}\n`),
  dial: (client, [host = '', port]) => {
    client.outbound?.destroy();
    client.outbound = connect({ host, port: Number(port) }, () => tell(client, 'dialled\n'));
    client.outbound.on('error', ({ message }) => tell(client, `${message}\n`));
  },
  undial: (client) => {
    client.outbound?.destroy();
    delete client.outbound;
  },
  // From now on all goes to the other side; each direction ends by itself.
  relay: (client, [host = '', port]) => {
    const { socket } = client;
    const outbound = connect({ host, port: Number(port), allowHalfOpen: true });
    outbound.on('error', () => socket.destroy()).on('drain', () => socket.resume());
    outbound.pipe(socket);
    client.outbound = outbound;
    client.onEnd = () => outbound.end().setTimeout(LINGER_MS, () => socket.destroy());
    client.sink = (text) => {
      if (!outbound.write(text, 'latin1')) socket.pause();
    };
  },
};

const COMMAND = new RegExp(`^(${Object.keys(COMMANDS).join('|')})( .*)?\\r?\\n$`);
/** The start of a line that may become a command. */
const LONGEST_COMMAND = 80;

/** Does what a whole line commands. @returns false when it is no command */
export function obey(client: Client, line: string): boolean {
  const [, name, args = ''] = COMMAND.exec(line) ?? [];
  if (name === undefined) return false;
  COMMANDS[name]!(client, args.trim().split(' '));
  return true;
}

export function mayBecomeCommand(text: string): boolean {
  return (
    text.length < LONGEST_COMMAND &&
    Object.keys(COMMANDS).some((name) => name.startsWith(text) || text.startsWith(`${name} `))
  );
}

export function tell({ socket }: Client, text: string): void {
  if (socket.writable) socket.write(text, 'latin1');
}
