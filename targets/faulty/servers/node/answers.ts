import type { Connection } from './connection.ts';
import type { Request } from './request.ts';

// What each path does.

const BLOCK = Buffer.alloc(65_536, 'x');

const ANSWERS: Readonly<Record<string, (connection: Connection, request: Request) => void>> = {
  '/': (connection) => connection.answer(200, 'hello\n'),
  '/large': (connection, { query }) => {
    const bytes = Number(query.get('bytes'));
    const whole = Array.from({ length: Math.floor(bytes / BLOCK.length) }, () => BLOCK);
    connection.answer(200, ...whole, BLOCK.subarray(0, bytes % BLOCK.length));
  },
  '/slow': (connection, { query }) => connection.answerLater(Number(query.get('ms')), 'slow\n'),
  '/upload': (connection, { length }) => connection.answer(200, `${length}\n`),
  '/run': (connection) => connection.answer(200, `${++connection.server.runs}\n`),
  '/runs': (connection) => connection.answer(200, `${connection.server.runs}\n`),
};

export function answerTo(connection: Connection, request: Request): void {
  if (request.method === 'CONNECT') connection.server.openTunnel(connection, request.target);
  else if (ANSWERS[request.path] === undefined) connection.answer(404, 'not found\n');
  else ANSWERS[request.path]!(connection, request);
}
