import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Servers that users might have; each takes its port from its argument. */
const SERVERS = {
  http: `http.createServer((request, response) => response.end('hello')).listen(port)`,
  echo: `net.createServer((socket) => socket.on('error', ignore).pipe(socket)).listen(port)`,
  mute: `net.createServer((socket) => socket.on('error', ignore).resume()).listen(port)`,
  loopbackAlone: `net.createServer((socket) => socket.on('error', ignore).pipe(socket)).listen(port, '127.0.0.1')`,
  endsAtOnce: `console.log('reading settings'); console.error('no such database'); process.exit(7)`,
  // It answers, and never closes what its clients have closed.
  leaking: `net.createServer({ allowHalfOpen: true }, (socket) =>
    socket.on('error', ignore).on('data', (data) => socket.write(data))).listen(port)`,
  brittle: `net.createServer((socket) =>
    socket.on('error', ({ code }) => { console.error('fatal: ' + code); process.exit(1); }).pipe(socket)).listen(port)`,
  // It dies of a reset, and never starts again.
  mortal: `const grave = __filename + '.grave';
    if (require('node:fs').existsSync(grave)) { console.error('the database is corrupt'); process.exit(1); }
    net.createServer((socket) => socket.on('error', () => {
      require('node:fs').writeFileSync(grave, ''); process.exit(1); }).pipe(socket)).listen(port)`,
  // All that a case can ask for by a path.
  application: `let runs = 0; const answers = {
      '/big': (q, r) => r.end('x'.repeat(1 << 21)),
      '/slow': (q, r) => setTimeout(() => r.end('late'), 1000),
      '/upload': (q, r) => q.resume().on('end', () => r.end('taken')),
      '/run': (q, r) => r.end('run ' + ++runs),
      '/count': (q, r) => r.end('runs: ' + runs),
    };
    const server = http.createServer((q, r) => (answers[q.url] ?? ((q, r) => r.end('hello')))(q, r));
    server.httpAllowHalfOpen = true; server.listen(port);`,
  // Each connection waits in the kernel before it is accepted.
  slow: `const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
    net.createServer((socket) => { nap(); socket.on('error', ignore).pipe(socket); }).listen(port)`,
} as const;

const HEAD = `const [net, http, port] = [require('node:net'), require('node:http'), Number(process.argv[2])];
const ignore = () => {};
`;

/** The servers as files, in a folder that lasts until it is disposed of. */
export class ServerFiles implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'closewait-servers-'));

  /** The command line that starts a server, for --exec. */
  command(name: keyof typeof SERVERS): string {
    const file = join(this.#folder, `${name}.cjs`);
    writeFileSync(file, HEAD + SERVERS[name]);
    return `'${process.execPath}' '${file}' {port}`;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
