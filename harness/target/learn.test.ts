import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { labPrivilege } from '#lab';
import { attachTarget } from './attach.ts';
import type { Told } from './contract.ts';
import { execTarget } from './exec.ts';
import { learnTraits, type Learned } from './learn.ts';

const WAIT_MS = 2500;

/** `port` is where to listen. Each answers `/big`, `/slow` and `/upload` in its own way. */
const SERVERS = {
  // Answers half-closed clients, has short time-outs, lets go at once, and finishes what is under way on SIGTERM.
  kind: `const server = http.createServer({ keepAliveTimeout: 300, headersTimeout: 400, requestTimeout: 400, connectionsCheckingInterval: 50 }, answer);
    server.httpAllowHalfOpen = true;
    server.listen(port, undefined, 7);
    process.on('SIGTERM', () => server.close());`,
  // Resets half-closed clients, never gives up anybody, holds what it has closed, and ends at once.
  harsh: `net.createServer({ allowHalfOpen: true }, (socket) => {
      const abort = () => socket.resetAndDestroy();
      socket.on('error', () => {}).on('end', abort).on('data', (data) => {
        const text = data.toString();
        const closes = /^Connection: close/m.test(text);
        const body = text.startsWith('GET /big') ? 'x'.repeat(1 << 23) : 'hello';
        const reply = 'HTTP/1.1 200 OK\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body;
        const send = () => closes ? socket.end(reply) : socket.write(reply);
        if (!/\\r\\n\\r\\n$/.test(text)) return;
        if (text.startsWith('GET /slow')) setTimeout(send, 1000); else setTimeout(send, 20);
      });
    }).listen(port, undefined, 9);`,
};

const HEAD = `const [net, http] = [require('node:net'), require('node:http')]; const port = Number(process.argv[2]);
  const answer = (request, response) => {
    if (request.url === '/big') {
      setTimeout(() => response.writableFinished || response.destroy(), 1500).unref();
      return response.end('x'.repeat(1 << 21));
    }
    if (request.url === '/slow') return setTimeout(() => response.end('late'), 1000);
    request.resume().on('end', () => response.end('hello'));
  };\n`;

describe('learning the traits of a server', function () {
  this.timeout(30_000);

  let folder: string;
  before(function () {
    if (!labPrivilege().ok) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'closewait-learn-'));
    for (const [name, body] of Object.entries(SERVERS))
      writeFileSync(join(folder, `${name}.js`), HEAD + body);
  });
  after(() => rmSync(folder ?? '', { recursive: true, force: true }));

  const learn = async (name: keyof typeof SERVERS, told: Told): Promise<Learned> =>
    learnTraits(execTarget({ command: `'${process.execPath}' ${name}.js {port}`, cwd: folder, ...told }), {
      plane: 'wire',
      waitMs: WAIT_MS,
    });
  const valuesOf = ({ findings }: Learned): Record<string, unknown> =>
    Object.fromEntries(findings.map(({ name, value }) => [name, value]));

  it('finds one that is kind to its clients, and has time-outs', async () => {
    const learned = await learn('kind', { paths: { large: '/big', slow: '/slow', upload: '/upload' } });
    const values = valuesOf(learned);
    expect(values, JSON.stringify(learned.findings)).to.deep.include({
      backlog: 7,
      halfClose: 'respond',
      halfCloseSlow: 'respond',
      closesOnFin: true,
      idleFinMs: 1000,
      headMs: 1000,
      bodyMs: 1000,
      slowReader: 'evict',
      finWait2Ms: 1000,
      drain: 'drain',
    });
    // Some versions of Node add a second of their own.
    expect(values['idleMs']).to.be.within(300, 1600);
    expect(values['writeMs']).to.be.within(2000, 2500);
    const idle = learned.findings.find(({ name }) => name === 'idleMs')!;
    expect(idle.measuredMs).to.be.within(250, 1600);
    expect(idle.seen).to.match(/^an idle connection is closed after \d+ ms$/);
  });

  it('finds one that is not, and has none', async () => {
    const values = valuesOf(
      await learn('harsh', { speaks: 'http', paths: { large: '/big', slow: '/slow' } }),
    );
    expect(values).to.deep.include({
      backlog: 9,
      halfClose: 'reset',
      halfCloseSlow: 'reset',
      idleMs: null,
      headMs: null,
      bodyMs: null,
      writeMs: null,
      slowReader: 'keep',
      finWait2Ms: null,
      drain: 'reset',
    });
  });

  it('says of what it has not been told how to ask', async () => {
    const { findings } = await learn('kind', {});
    const untried = findings.filter(({ tried }) => !tried).map(({ name, seen }) => [name, seen]);
    expect(Object.fromEntries(untried)).to.deep.equal({
      halfCloseSlow: 'not tried: no slow answer is known (--path slow=PATH)',
      unreadData: 'not tried: nothing is known that it answers without reading a body',
      bodyMs: 'not tried: nothing is known that takes a body (--path upload=PATH)',
      slowReader: 'not tried: no large answer is known (--path large=PATH)',
      drain: 'not tried: no slow answer is known (--path slow=PATH)',
    });
  });

  it('neither ends nor signals one that runs already', async () => {
    const server: Server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 5 }, resolve));
    const address = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const learned = await learnTraits(attachTarget(address), { plane: 'auto', waitMs: 300 });
    server.close();
    expect(valuesOf(learned)).to.deep.include({
      backlog: 5,
      halfClose: 'respond',
      idleMs: null,
      drain: null,
    });
    expect(learned.findings.find(({ name }) => name === 'drain')!.seen).to.equal(
      'not tried: its process is not ours to end',
    );
  });
});
