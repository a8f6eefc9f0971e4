import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import type { RunResult } from '#trace';
import { closewait, type Outcome } from './testing/command.ts';
import { schemaErrors } from './testing/schema.ts';
import { casesWith, nameOf } from './testing/verdicts.ts';

/** What the wire alone can do. */
const WIRE_ALONE = ['states/time-wait-from-fin-ack', 'states/fin-wait-2-lasts'];
/** It needs a server that defers accept, unless the SYN-ACK's acknowledgement can be withheld. */
const HALF_OPEN = 'states/syn-rcvd';

describe('closewait run --plane loopback', function () {
  this.timeout(60_000);

  let outcome: Outcome;
  let run: RunResult;
  before(async () => {
    outcome = await closewait('run', 'states/**', '--plane', 'loopback');
    run = outcome.result;
  });

  it('skips what it cannot do, and passes all else', () => {
    const expected = run.cases
      .filter(({ id, target }) => WIRE_ALONE.includes(id) || (id === HALF_OPEN && target !== 'nginx'))
      .map(nameOf);
    expect(expected).to.have.length(22);
    expect(casesWith('skipped', run)).to.deep.equal(expected);
    expect(casesWith('pass', run)).to.have.length(82);
    expect(outcome).to.deep.include({ code: 0, stderr: '', remains: [] });
  });

  it('says for each that it skips what is missing and what to do', () => {
    for (const { verdict, reason } of run.cases)
      if (verdict === 'skipped') expect(reason).to.match(/^.+; .*--plane wire; `closewait doctor`/);
  });

  it('passes nothing without a path of states and a line of ss', () => {
    const empty = run.cases.filter(
      ({ verdict, states, evidence }) =>
        verdict === 'pass' && (states.server.length === 0 || evidence.ss.length === 0),
    );
    expect(empty.map(nameOf)).to.deep.equal([]);
  });

  it('writes what the published schema says, and that it was asked for', () => {
    expect(schemaErrors(run)).to.deep.equal([]);
    expect(run.environment).to.include({ plane: 'loopback', planeReason: '', link: 'none' });
  });

  it('exits 4 with --require-privileged', async () => {
    const { code, result } = await closewait(
      'run',
      'echo',
      'states/listen',
      'states/syn-rcvd',
      '--plane',
      'loopback',
      '--require-privileged',
    );
    expect({ code, skipped: result.summary.skipped }).to.deep.equal({ code: 4, skipped: 2 });
  });
});

/** What a fault proxy does to a server that runs already. */
const BEHIND_A_PROXY = [
  'proxy/slow-close',
  'proxy/timeout',
  'proxy/latency',
  'proxy/slicer',
  'proxy/limit-data',
  'proxy/reset-peer',
  'proxy/upstream-refused',
  'proxy/upstream-hangs',
];

describe('closewait run HOST:PORT', function () {
  this.timeout(60_000);

  const servers: Server[] = [];
  const listening = async (server: Server, host: string): Promise<string> => {
    servers.push(server);
    server.listen({ host, port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  const passed = ({ cases }: RunResult): string[] =>
    cases.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);

  it('drives a web server that runs already through what needs no hand on it', async () => {
    const server = createHttpServer((_request, response) => response.end('hello'));
    const place = await listening(server, '127.0.0.1');
    const { code, result, remains } = await closewait('run', place);
    expect(passed(result)).to.deep.equal([
      'states/listen',
      'states/established',
      'states/fin-wait-2',
      'states/time-wait',
      ...BEHIND_A_PROXY,
    ]);
    expect({
      code,
      remains,
      kinds: [...new Set(result.cases.map(({ verdict }) => verdict))].sort(),
    }).to.deep.equal({
      code: 0,
      remains: [],
      kinds: ['pass', 'skipped', 'unsupported'],
    });
    expect(result.target).to.include({ name: place });
    expect(result.environment).to.include({ plane: 'loopback' });
    expect(result.environment.planeReason).to.match(/cannot be moved into a lab; start it with --exec/);
    for (const { verdict, reason } of result.cases)
      if (verdict === 'skipped')
        expect(reason).to.match(/^.+; let closewait start it, with --exec(, in a container with .+)?$/);
    expect(schemaErrors(result)).to.deep.equal([]);
  });

  it('takes an address of IPv6, and a server of which it knows nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    const { code, result } = await closewait('run', await listening(server, '::1'));
    expect(code).to.equal(0);
    expect(passed(result)).to.deep.equal(['states/listen', 'states/established', ...BEHIND_A_PROXY]);
    expect(new Set(result.cases.map(({ family }) => family))).to.deep.equal(new Set([6]));
  });

  it('exits 3 where nobody listens', async () => {
    const server = createServer();
    const place = await listening(server, '127.0.0.1');
    server.close();
    await once(server, 'close');
    const { code, stderr, hasResult } = await closewait('run', place);
    expect({ code, hasResult }).to.deep.equal({ code: 3, hasResult: false });
    expect(stderr).to.include(`no connection is accepted on ${place} [CW_TARGET_GREETING]`);
  });

  it('exits 64 for an address that is not of this machine, and sends nothing there', async () => {
    const { code, stderr } = await closewait('run', '198.51.100.1:80');
    expect(code).to.equal(64);
    expect(stderr).to.match(/198\.51\.100\.1:80 .*\[CW_NOT_LOOPBACK\]/);
  });
});
