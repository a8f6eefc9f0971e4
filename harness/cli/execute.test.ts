import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CloseWaitError } from '#core';
import type { RunResult } from '#trace';
import { main } from './main.ts';
import { fakeIo, fakeRegistry } from './testing/registry.ts';

/** `closewait run` with a fake registry. */
function setUp() {
  const { fake, registry } = fakeRegistry();
  const io = fakeIo();
  return { fake, io, run: (...argv: string[]): Promise<number> => main(['run', ...argv], registry, io) };
}

describe('closewait run: how it ends', () => {
  const ends: [string, NonNullable<RunResult['cases'][number]['verdict']>[], string[], number][] = [
    ['all hold', [], [], 0],
    ['one fails', ['pass', 'fail', 'inconclusive', 'skipped'], ['--require-privileged'], 1],
    ['one does not decide', ['pass', 'inconclusive'], [], 2],
    ['one is skipped', ['pass', 'skipped'], [], 0],
    ['one is skipped and must not be', ['pass', 'skipped', 'inconclusive'], ['--require-privileged'], 4],
    ['all are skipped, so that nothing was judged', ['skipped', 'skipped'], [], 2],
    ['none can be done by the target', ['unsupported', 'unsupported'], [], 2],
    ['one passes, the other cannot be done by the target', ['pass', 'unsupported'], [], 0],
    ['only policy is reported', ['info', 'info'], [], 0],
  ];
  for (const [name, verdicts, flags, code] of ends) {
    it(`exits ${code} when ${name}`, async () => {
      const { run, fake } = setUp();
      fake.verdicts = [...verdicts];
      expect(await run('echo', 'states/close-wait', ...flags)).to.equal(code);
    });
  }

  const thrown: [unknown, number, RegExp][] = [
    [
      Object.assign(new CloseWaitError('CW_USAGE', 'nginx did not start: \x1b[2J'), {
        code: 'CW_TARGET_START',
      }),
      3,
      /^closewait: nginx did not start: \\x1b\[2J \[CW_TARGET_START\]\n {2}remedy: /,
    ],
    [
      Object.assign(new CloseWaitError('CW_USAGE', 'no wire'), { code: 'CW_PLANE' }),
      4,
      /^closewait: no wire \[CW_PLANE\]\n/,
    ],
    [
      new TypeError('x is not a function'),
      70,
      /^closewait: internal error\nTypeError: x is not a function\n {4}at .*\n[^]*please report it/,
    ],
    [
      Object.assign(new CloseWaitError('CW_USAGE', 'mine ended; its last lines:\n  boom'), {
        code: 'CW_TARGET_START',
      }),
      3,
      /^closewait: mine ended; its last lines \[CW_TARGET_START\]:\n {2}boom\n {2}remedy: /,
    ],
    ['thrown text', 70, /^closewait: internal error\nthrown text\n/],
  ];
  for (const [error, code, message] of thrown) {
    it(`exits ${code} when the run throws ${String(error)}`, async () => {
      const { run, fake, io } = setUp();
      fake.during = () => {
        throw error;
      };
      expect(await run('echo')).to.equal(code);
      expect(io.err()).to.match(message);
    });
  }

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`${signal} aborts the run, reports what has run and exits ${code}`, async () => {
      const { run, fake, io } = setUp();
      fake.during = ({ signal: abort }) => {
        expect(abort!.aborted).to.equal(false);
        io.signals.emit(signal);
        expect(abort!.aborted).to.equal(true);
        // A second one must end the process in the system's way.
        expect(io.signals.listenerCount('SIGINT') + io.signals.listenerCount('SIGTERM')).to.equal(0);
      };
      expect(await run('echo', 'close')).to.equal(code);
      expect(io.out()).to.include('interrupted: only what is told here has run\n2 passed');
    });
  }

  it('exits 130 also where the abort ends the run by an error, and 70 where another error does', async () => {
    const { run, fake, io } = setUp();
    fake.during = ({ signal }) => {
      io.signals.emit('SIGINT');
      signal!.throwIfAborted();
    };
    expect(await run('echo')).to.equal(130);
    expect(io.err()).to.equal('closewait: interrupted\n');
    fake.during = () => {
      io.signals.emit('SIGINT');
      throw new RangeError('teardown');
    };
    expect(await run('echo')).to.equal(70);
  });

  it('listens to no signal after a run', async () => {
    const { run, io } = setUp();
    await run('echo');
    expect(io.signals.eventNames()).to.deep.equal([]);
  });
});

describe('closewait run: where it reports', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'closewait-run-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the list on stdout by default, and progress before it', async () => {
    const { run, io } = setUp();
    await run('echo', 'states');
    expect(io.out()).to.match(
      /^echo 1\.0 is ready after 5\.0ms\n✓ echo: 8 passed, 0 failed, 0 skipped\nclosewait 0\.1\.0, /,
    );
    expect(io.err()).to.equal('');
  });

  it('--json FILE beside the list', async () => {
    const { run, io, fake } = setUp();
    fake.verdicts = ['fail'];
    const file = join(folder, 'out.json');
    expect(await run('echo', 'close', '--json', file)).to.equal(1);
    const result = JSON.parse(readFileSync(file, 'utf8')) as RunResult;
    expect(result.summary).to.include({ fail: 1, pass: 1 });
    expect(io.out()).to.include('1 passed, 1 failed');
  });

  for (const flags of [
    ['--json', '-'],
    ['--reporter', 'list,json'],
  ]) {
    it(`${flags.join(' ')}: stdout is JSON and nothing else, the list goes to stderr`, async () => {
      const { run, io } = setUp();
      expect(await run('echo', 'close', ...flags)).to.equal(0);
      expect((JSON.parse(io.out()) as RunResult).schema).to.equal('closewait.run/1');
      expect(io.err()).to.include('2 passed, 0 failed');
    });
  }

  it('--reporter json: JSON alone', async () => {
    const { run, io } = setUp();
    await run('echo', '--reporter', 'json');
    expect((JSON.parse(io.out()) as RunResult).cases).to.have.length(10);
    expect(io.err()).to.equal('');
  });

  it('in colour on a terminal that has colours, and not with --no-color', async () => {
    const { registry } = fakeRegistry();
    const onTerminal = async (hasColors: boolean, ...flags: string[]): Promise<string> => {
      const io = fakeIo();
      const stdout = { ...io.stdout, isTTY: true, columns: 120, hasColors: () => hasColors };
      await main(['run', 'echo', ...flags], registry, { ...io, stdout });
      // Redrawing the status line is not colour.
      return io.out().replaceAll('\x1b[2K', '');
    };
    expect(await onTerminal(true)).to.include('\x1b[32m✓');
    expect(await onTerminal(true, '--no-color')).to.not.include('\x1b');
    expect(await onTerminal(false)).to.not.include('\x1b');
  });
});
