import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { CloseWaitError, ErrorCode } from '#core';
import { closeHub, closePremises, createLab, labPrivilege, openPremises, type Lab } from '#lab';
import type { StartContext, TargetProgram } from './contract.ts';
import { startTarget, type StartOptions } from './start.ts';

/** A server of a few lines of JavaScript, in which `port` and `hosts` are what it should listen on. */
function program(body: string, more: Partial<TargetProgram> = {}): TargetProgram {
  return {
    name: 'faulty',
    title: '',
    install: '',
    find: () => ({ program: process.execPath, version: '' }),
    plan: ({ ports, addresses, folder }: StartContext, { program: node }) => ({
      command: [
        node,
        '-e',
        `const net = require('node:net'), { spawn } = require('node:child_process');
         const port = ${ports['main']}, hosts = ${JSON.stringify(addresses)}, folder = ${JSON.stringify(folder)};
         const listen = (host, number = port) => net.createServer((s) => s.pipe(s)).listen(number, host);
         ${body}`,
      ],
    }),
    ready: 'listen',
    greeting: { send: 'hello\n', reply: /^hello\n$/ },
    traits: {},
    ...more,
  };
}

describe('starting a target', () => {
  let lab: Lab;

  before(function () {
    if (!labPrivilege().ok) this.skip();
  });
  beforeEach(() => {
    lab = createLab();
  });
  afterEach(() => {
    const left = { processes: inhabitants(lab.server.namespace.inode), folders: folders() };
    lab.close();
    expect(left).to.deep.equal({ processes: [], folders: [] });
  });
  after(() => {
    closePremises();
    closeHub();
  });

  const failure = async (definition: TargetProgram, options: StartOptions = { startMs: 600 }) => {
    try {
      await (await startTarget(definition, lab.server, options)).stop();
    } catch (error) {
      return error as CloseWaitError;
    }
    throw new Error('it started');
  };
  const fails = async (definition: TargetProgram, code: ErrorCode, text: RegExp, options?: StartOptions) => {
    const { code: found, message, remedy } = await failure(definition, options);
    expect({ code: found, message }).to.deep.equal({ code, message });
    expect(message).to.match(text);
    return { message, remedy };
  };

  describe('fails with what the server said, when it', () => {
    it('is not installed', () =>
      fails(
        program('', { find: () => null, install: 'apt-get install it' }),
        'CW_TARGET_NOT_INSTALLED',
        /'faulty'/,
      ));

    it('exits at once, and escapes what a terminal would act on', () =>
      fails(
        program(`console.error('no such\\x1b[2Jfile'); process.exit(3)`),
        'CW_TARGET_START',
        /^faulty exited with code 3 before it was ready; its last lines:\n {4}no such\\x1b\[2Jfile$/,
      ));

    it('is ended by a signal', () =>
      fails(
        program(`process.kill(process.pid, 'SIGSEGV')`),
        'CW_TARGET_START',
        /^faulty was ended by SIGSEGV before/,
      ));

    it('cannot be executed', () =>
      fails(
        program('', { plan: () => ({ command: ['/nonexistent/server'] }) }),
        'CW_TARGET_COMMAND',
        /cannot be run; its last lines:\n.*\/nonexistent\/server: not found/,
      ));

    it('is to run in a folder that does not exist', () =>
      fails(
        program('', { plan: () => ({ command: ['true'], cwd: '/nonexistent' }) }),
        'CW_TARGET_COMMAND',
        /ENOENT/,
      ));

    it('never listens', () =>
      fails(
        program('setInterval(() => {}, 1e6); console.log("hello")'),
        'CW_TARGET_START',
        /^faulty did not listen on 198\.18\.0\.1:8080 or \[2001:db8::1\]:8080 within 0\.6 s; its last lines:\n {4}hello$/,
      ));

    it('listens on another port', () =>
      fails(
        program('listen(hosts[0], 3000)'),
        'CW_TARGET_START',
        /within 0\.6 s; it listens on 198\.18\.0\.1:3000$/,
      ));

    it('listens on one family of two', () =>
      fails(
        program('listen(hosts[1])'),
        'CW_TARGET_START',
        /within 0\.6 s; it listens on \[2001:db8::1\]:8080$/,
      ));

    it('listens on a loopback address alone, without waiting to the end', async () => {
      const startedAt = performance.now();
      const { remedy } = await fails(
        program(`listen('127.0.0.1'); listen('::1')`),
        'CW_TARGET_START',
        /it listens on 127\.0\.0\.1:8080, \[::1\]:8080$/,
        {},
      );
      expect(remedy).to.match(/all addresses.*\{host\}.*--plane loopback/);
      expect(performance.now() - startedAt).to.be.below(5000);
    });

    it('puts itself into the background', async () => {
      const daemon = `spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'inherit' }).unref()`;
      const { remedy } = await fails(
        program(daemon),
        'CW_TARGET_START',
        /into the background \(process \d+\)/,
      );
      expect(remedy).to.match(/foreground/);
    });

    it('takes the greeting and says nothing', () =>
      fails(
        program('hosts.forEach((host) => net.createServer((s) => s.resume()).listen(port, host))'),
        'CW_TARGET_GREETING',
        /'hello\\x0a' with \/\^hello\\n\$\/: nothing came within 1 s$/,
      ));

    it('takes the greeting and writes why it does not answer', () =>
      fails(
        program(
          `hosts.forEach((host) => net.createServer((s) => s.resume() && console.log('no workers')).listen(port, host))`,
        ),
        'CW_TARGET_GREETING',
        /: nothing came within 1 s; its last lines:\n {4}no workers$/,
      ));

    it('floods its log instead of listening', async () => {
      const flood = `const more = () => { while (process.stdout.write('waiting for the database\\n'.repeat(99))); setImmediate(more); }; more()`;
      const { message } = await fails(
        program(flood),
        'CW_TARGET_START',
        /within 0\.6 s; its last lines:\n {4}waiting/,
      );
      expect(message.split('\n')).to.have.length(11);
    });

    it('answers the greeting with something else', () =>
      fails(
        program(
          `hosts.forEach((host) => net.createServer((s) => s.end('SSH-2.0-x\\r\\n')).listen(port, host))`,
        ),
        'CW_TARGET_GREETING',
        /: it answered 'SSH-2\.0-x\\x0d\\x0a', and it closed the connection$/,
      ));

    it('dies of its greeting', () =>
      fails(
        program(`hosts.forEach((host) => net.createServer(() => process.exit(9)).listen(port, host))`),
        'CW_TARGET_START',
        /^faulty exited with code 9 before it was ready/,
      ));
  });

  it('waits for a line of the log when it is told to', async () => {
    const late = `setTimeout(() => { hosts.forEach((host) => listen(host)); console.log('now'); }, 100)`;
    const target = await startTarget(program(late, { ready: { log: /^now$/m } }), lab.server);
    expect(target.readyMs).to.be.above(100);
    await target.stop();
  });

  it('reads a log that floods, and keeps only its end', async () => {
    const flood = `hosts.forEach((host) => listen(host)); let n = 0;
      const more = () => { while (process.stdout.write('line ' + ++n + '\\n') && n % 1000); setImmediate(more); }; more()`;
    const target = await startTarget(program(flood), lab.server);
    await delay(300);
    for (const family of target.families) await target.greet(family);
    const lines = target.process!.logTail(1e6);
    expect(lines.join('\n').length).to.be.within(10_000, 64 * 1024);
    expect(Number(/\d+/.exec(lines[0]!)?.[0])).to.be.above(5000);
    await target.stop();
  });

  it('kills a server that ignores SIGTERM, with its children, and says so', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); hosts.forEach((host) => listen(host));
      spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e6); console.log("deaf")'], { stdio: 'inherit' })`;
    const target = await startTarget(program(stubborn), lab.server, { stopMs: 200 });
    await eventually(() => expect(target.process!.logTail()).to.include('deaf'));
    expect(await target.stop()).to.match(
      /^faulty \(process \d+, \d+\) did not end within 0\.2 s of SIGTERM and was killed$/,
    );
    expect(await target.stop()).to.match(/was killed$/);
  });

  it('pauses and ends children that left the group or the family', async () => {
    const scattered = `hosts.forEach((host) => listen(host)); const idle = ['-e', 'setInterval(() => {}, 1e6)'];
      spawn(process.execPath, idle, { detached: true, stdio: 'ignore' });
      spawn('sh', ['-c', 'setsid "$0" -e "setInterval(() => {}, 1e6)" &', process.execPath], { stdio: 'ignore' })`;
    const target = await startTarget(program(scattered), lab.server);
    await eventually(() => expect(inhabitants(lab.server.namespace.inode)).to.have.length(3));
    expect(target.process!.pids()).to.have.length(2);
    await target.process!.pause();
    await target.process!.resume();
    expect(await target.stop()).to.equal('');
  });

  it('tells that a server died in the middle', async () => {
    const target = await startTarget(program('hosts.forEach((host) => listen(host))'), lab.server);
    const { died } = target.process!;
    target.process!.signal('SIGKILL');
    expect(await died).to.deep.equal({ code: null, signal: 'SIGKILL' });
    expect(target.process!.exited).to.deep.equal({ code: null, signal: 'SIGKILL' });
    const codeOf = async (work: () => void | Promise<void>) => {
      try {
        await work();
      } catch (error) {
        return (error as CloseWaitError).code;
      }
      return null;
    };
    expect(await codeOf(() => target.greet(4))).to.equal('CW_TARGET_DIED');
    expect(await codeOf(() => target.process!.pause())).to.equal('CW_TARGET_DIED');
    expect(await codeOf(() => target.process!.signal('SIGHUP'))).to.equal('CW_TARGET_DIED');
    await target.process!.restart();
    await target.greet(6);
    expect(await target.stop()).to.equal('');
    expect(await codeOf(() => target.process!.restart())).to.equal('CW_TARGET_DIED');
  });

  it('has ports of its own beside another on the same host', async () => {
    const definition = program('hosts.forEach((host) => listen(host))');
    const both = await Promise.all([
      startTarget(definition, lab.server),
      startTarget(definition, lab.server),
    ]);
    expect(both.map((target) => target.endpoint(4).port)).to.deep.equal([8080, 8081]);
    for (const target of both) await target.stop();
  });

  it('starts again in an emptied folder', async () => {
    const once = `require('node:fs').mkdirSync(folder + '/once'); hosts.forEach((host) => listen(host))`;
    const target = await startTarget(program(once), lab.server);
    await target.process!.restart();
    await target.stop();
  });
});

/** The processes in a network namespace. */
function inhabitants(inode: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) === `net:[${inode}]`;
    } catch {
      return false;
    }
  });
}

/** What stands in this run's own folder. */
function folders(): string[] {
  const root = join(openPremises().folder('probe'), '..');
  return readdirSync(root).filter((name) => !name.endsWith('-probe'));
}

async function eventually(check: () => void): Promise<void> {
  const end = performance.now() + 3000;
  for (;;) {
    try {
      return check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(5);
    }
  }
}
