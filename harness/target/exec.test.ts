import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CloseWaitError } from '#core';
import { closeHub, closePremises, createLab, labPrivilege, loopbackHost, type Lab } from '#lab';
import { attachTarget } from './attach.ts';
import { execTarget, type ExecOptions } from './exec.ts';
import type { RunningTarget } from './running.ts';
import { startTarget, type StartOptions } from './start.ts';

const NODE = `'${process.execPath}'`;

/** Servers that users might have; each takes its port from the last argument or else from PORT. */
const SERVERS = {
  'http.js': `require('node:http').createServer((q, r) => r.end('x'.repeat(9))).listen(port)`,
  'old-http.js': `net.createServer((s) => s.once('data', () => s.end('HTTP/1.0 200 OK\\r\\n\\r\\nx'))).listen(port)`,
  'echo.js': `net.createServer((s) => s.pipe(s)).listen(port)`,
  'banner.js': `net.createServer((s) => s.on('error', () => {}).write('220 hello\\r\\n')).listen(port)`,
  'silent.js': `net.createServer({ allowHalfOpen: true }, (s) => s.on('error', () => {}).resume()).listen(port)`,
  'four.js': `net.createServer((s) => s.pipe(s)).listen(port, '0.0.0.0')`,
  'local.js': `net.createServer((s) => s.pipe(s)).listen(port, '127.0.0.1')`,
  'at-host.js': `net.createServer((s) => s.pipe(s)).listen(port, process.env.HOST)`,
  'own-port.js': `net.createServer((s) => s.pipe(s)).listen(3000)`,
  'says.js': `console.log(process.env.SAID, process.cwd()); net.createServer((s) => s.pipe(s)).listen(port)`,
};

describe('a command line as a target', () => {
  let lab: Lab;
  let folder: string;

  before(function () {
    if (!labPrivilege().ok) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'closewait-exec-test-'));
    for (const [name, body] of Object.entries(SERVERS)) {
      const head = `const net = require('node:net'); const port = Number(process.argv[2] ?? process.env.PORT);\n`;
      writeFileSync(join(folder, name), head + body);
    }
  });
  beforeEach(() => {
    lab = createLab();
  });
  afterEach(() => lab.close());
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    closePremises();
    closeHub();
  });

  const withServer = async (
    options: ExecOptions,
    work: (target: RunningTarget) => void | Promise<void>,
    start: StartOptions = {},
  ) => {
    const target = await startTarget(execTarget({ cwd: folder, ...options }), lab.server, start);
    try {
      await work(target);
    } finally {
      await target.stop();
    }
  };
  const failure = async (command: string): Promise<CloseWaitError> => {
    try {
      await withServer({ command }, () => undefined, { startMs: 400 });
    } catch (error) {
      return error as CloseWaitError;
    }
    throw new Error('it started');
  };

  describe('finds out that a server', () => {
    it('speaks HTTP, and how it closes', () =>
      withServer({ command: `${NODE} http.js {port}` }, async ({ greeting, traits, families, readyMs }) => {
        expect(greeting?.send).to.match(/^GET \/ HTTP\/1\.1\r\n/);
        expect(traits.closesFirst?.send).to.match(/Connection: close/);
        expect(traits.closesOnFin).to.equal(true);
        expect(families).to.deep.equal([4, 6]);
        expect(readyMs).to.be.below(2000);
      }));

    it('closes after each answer, so that no greeting leaves its connection open', () =>
      withServer({ command: `${NODE} old-http.js {port}` }, async (target) => {
        expect(target.greeting).to.equal(null);
        expect(target.traits.closesFirst?.send).to.match(/^GET/);
        await target.greet(4);
      }));

    it('sends back what it receives', () =>
      withServer({ command: `${NODE} echo.js {port}` }, ({ greeting, traits }) => {
        expect(greeting?.send).to.equal('closewait\r\n');
        expect(traits).to.deep.equal({ closesOnFin: true });
      }));

    it('speaks first', () =>
      withServer({ command: `${NODE} banner.js {port}` }, ({ greeting }) => {
        expect(greeting?.send).to.equal('');
      }));

    it('says nothing and never closes', () =>
      withServer({ command: `${NODE} silent.js {port}` }, async (target) => {
        expect(target.greeting).to.equal(null);
        expect(target.traits).to.deep.equal({ closesOnFin: false });
        await target.greet(6);
        expect(target.counts().sockets).to.include({ CLOSE_WAIT: 0, ESTABLISHED: 0 });
      }));

    it('listens on one family alone', () =>
      withServer({ command: `${NODE} four.js {port}` }, (target) => {
        expect(target.families).to.deep.equal([4]);
        expect(() => target.endpoint(6))
          .to.throw(/no port 'main' on IPv6/)
          .with.property('code', 'CW_TARGET_PORT');
      }));
  });

  it('takes what it speaks from the options', () =>
    withServer({ command: `${NODE} echo.js {port}`, speaks: 'none' }, ({ greeting }) => {
      expect(greeting).to.equal(null);
    }));

  it('is a process of its own where it is one command, so that signals reach the server', () =>
    withServer({ command: `${NODE} echo.js {port}` }, (target) => {
      expect(target.process?.pids()).to.deep.equal([target.process?.pid]);
    }));

  it('may be a whole line of shell, and all of its processes are ended', () =>
    withServer({ command: `WORD=1 true && ${NODE} echo.js {port}; echo ended` }, async (target) => {
      expect(target.process!.pids()).to.have.length(2);
      await target.process!.pause();
      await target.process!.resume();
      await target.greet(4);
    }));

  it('gets port and host in the environment when the command has no place for the port', () =>
    withServer({ command: `${NODE} at-host.js` }, ({ families, info }) => {
      expect(families).to.deep.equal([4]);
      expect(info.command).to.deep.equal(['/bin/sh', '-c', `exec ${NODE} at-host.js`]);
    }));

  it('gets {host}, {address} and {folder}, its variables and its folder to run in', () =>
    withServer(
      { command: `${NODE} says.js {port} {host} {address} {folder}`, env: { SAID: 'word' } },
      (target) => {
        expect(target.info.command[2]).to.match(/says\.js 8080 198\.18\.0\.1 198\.18\.0\.1 \/\S+-exec$/);
        expect(target.process!.logTail()).to.deep.equal([`word ${folder}`]);
      },
    ));

  it('is told when it listens on 127.0.0.1 alone', async () => {
    const { code, message, remedy } = await failure(`${NODE} local.js {port}`);
    expect(code).to.equal('CW_TARGET_START');
    expect(message).to.match(/it listens on 127\.0\.0\.1:8080$/);
    expect(remedy).to.match(/\{host\}/);
  });

  it('is told when it does not take the port from its environment', async () => {
    const { code, message, remedy } = await failure(`${NODE} own-port.js`);
    expect(code).to.equal('CW_TARGET_COMMAND');
    expect(message).to.match(/it listens on \[::\]:3000$/);
    expect(remedy).to.match(/\{port\}/);
  });

  it('is told when there is no such command', async () => {
    const { code, message } = await failure('no-such-server --port {port}');
    expect(code).to.equal('CW_TARGET_COMMAND');
    expect(message).to.match(/no-such-server: (not found|Permission denied)/);
  });

  it('runs on the addresses of this machine, too', async () => {
    const host = loopbackHost();
    const target = await startTarget(execTarget({ command: `${NODE} echo.js {port}`, cwd: folder }), host);
    expect(target.families).to.deep.equal(Object.keys(host.addresses).map(Number));
    await target.stop();
    host.sockets?.close();
  });
});

describe('a server that runs already', () => {
  let server: Server;
  const host = loopbackHost();

  before((done) => {
    server = createServer((socket) => socket.pipe(socket)).listen({ host: '127.0.0.1', port: 0 }, () =>
      done(),
    );
  });
  after(() => {
    server.close();
    host.sockets?.close();
  });

  const address = () => ({ address: '127.0.0.1', port: (server.address() as AddressInfo).port });

  it('is greeted, has no process of ours, and goes on when it is let go', async () => {
    const target = await startTarget(attachTarget(address()), host);
    expect(target.process).to.equal(null);
    expect(target.families).to.deep.equal([4]);
    expect(target.greeting?.send).to.equal('closewait\r\n');
    expect(target.endpoint(4)).to.deep.equal(address());
    expect(() => target.endpoint(6)).to.throw(/no other/);
    expect(target.counts()).to.include({ fds: null, processes: null });
    expect(await target.stop()).to.equal('');
    await target.greet(4);
  });

  it('is asked what another one is asked, and told nothing of its configuration', async () => {
    const greeting = { send: 'as another\n', reply: /another\n$/ };
    const traits = {
      closesOnFin: true,
      slow: { ...greeting, afterMs: 1000 },
      timeouts: { idle: 1000 },
      policy: { idleFinMs: 1000 },
    };
    const like = execTarget({ command: 'true' });
    const told = { traits: { backlog: 3 } };
    const target = await startTarget(attachTarget(address(), told, { ...like, greeting, traits }), host);
    expect(target.greeting).to.equal(greeting);
    expect(target.traits).to.deep.equal({ closesOnFin: true, backlog: 3 });
    await target.greet(4);
  });

  it('cannot be reached from a lab', async function () {
    if (!labPrivilege().ok) this.skip();
    const lab = createLab();
    try {
      await startTarget(attachTarget(address()), lab.server);
      expect.fail('it was reached');
    } catch (error) {
      expect(error).to.have.property('code', 'CW_PLANE');
    } finally {
      lab.close();
    }
  });

  it('is told when nobody listens there', async () => {
    try {
      await startTarget(attachTarget({ address: '127.0.0.1', port: 1 }), host);
      expect.fail('it was reached');
    } catch (error) {
      expect(error).to.have.property('code', 'CW_TARGET_GREETING');
      expect(error)
        .to.have.property('message')
        .match(/127\.0\.0\.1:1/);
    }
  });
});
