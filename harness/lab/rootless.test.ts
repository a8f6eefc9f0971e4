import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { isInContainer } from './container.ts';
import { needsLab } from './testing/needs.ts';
import { isAlive } from './testing/processes.ts';
import type { Told } from './testing/rootless-command.ts';
import { until } from './testing/until.ts';

const COMMAND = [
  process.execPath,
  '--import',
  'tsx',
  '--conditions=source',
  join(import.meta.dirname, 'testing/rootless-command.ts'),
];
/** In a user namespace where it is user 1000, a process has no privilege of any kind, whoever it is outside. */
const AS_ORDINARY_USER = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

describe('lab: an ordinary user', function () {
  this.timeout(20_000);
  let outer: ChildProcess | undefined;

  before(function () {
    needsLab(this);
  });
  before(function () {
    if (spawnSync(AS_ORDINARY_USER[0]!, [...AS_ORDINARY_USER.slice(1), 'true']).status !== 0) this.skip();
  });
  afterEach(() => {
    outer?.kill('SIGKILL');
  });

  const start = async (
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    before: readonly string[] = [],
  ) => {
    const [program, ...rest] = [...before, ...AS_ORDINARY_USER, ...COMMAND, ...args];
    outer = spawn(program!, rest, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      detached: true,
    });
    const exit = once(outer, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const line = once(createInterface(outer.stdout!), 'line') as Promise<[string]>;
    const first = await Promise.race([line, exit]);
    const told = typeof first[0] === 'string' ? (JSON.parse(first[0]) as Told) : null;
    return { outer, told, exit };
  };

  it('gets a network of its own, in which labs can be made, from the very same command', async () => {
    const args = ['0', 'a b', '', '--flag="x y"', '$HOME', '--import'];
    const {
      outer: { pid },
      told,
      exit,
    } = await start(args, { MARK: 'mark\n2' });
    expect(told).to.deep.include({
      privilege: { ok: true },
      uid: 0,
      isReexecuted: true,
      args: args.slice(1),
      mark: 'mark\n2',
      interfaces: ['lo'],
    });
    expect(told!.linkKind).to.be.oneOf(['tun', 'veth']);
    expect(told!.pid).not.to.equal(pid);
    // What it was told itself is not for its children.
    expect(told!.inherited).to.include('MARK');
    expect(told!.inherited.filter((name) => name.startsWith('CLOSEWAIT_OUTER'))).to.deep.equal([]);
    expect(await exit).to.deep.equal([0, null]);
  });

  it('gets its exit status', async () => {
    expect(await (await start(['64'])).exit).to.deep.equal([64, null]);
  });

  for (const signal of ['SIGKILL', 'SIGUSR2']) {
    it(`sees it ended by ${signal} as if it had been there itself`, async () => {
      expect(await (await start([signal])).exit).to.deep.equal([null, signal]);
    });
  }

  for (const [signal, status] of [
    ['SIGTERM', 7],
    ['SIGHUP', 8],
    ['SIGINT', 9],
  ] as const) {
    it(`can end it in order by ${signal}`, async () => {
      const { outer: process, told, exit } = await start(['waits']);
      process.kill(signal);
      expect(await exit).to.deep.equal([status, null]);
      expect(isAlive(told!.pid)).to.equal(false);
    });
  }

  it('leaves nothing running when killed', async () => {
    const { outer: process, told, exit } = await start(['waits']);
    expect(isAlive(told!.pid)).to.equal(true);
    process.kill('SIGKILL');
    await exit;
    await until('the command has ended', () => !isAlive(told!.pid));
  });

  it('runs nothing when killed before it could start', async () => {
    // As the re-executed process would find it: whoever started it is not its parent any more.
    const { told, exit } = await start(['0'], { CLOSEWAIT_OUTER_PID: '1' });
    expect(told).to.equal(null);
    expect(await exit).to.deep.equal([1, null]);
  });

  it('is told why where no further user namespace is allowed, and how to allow it', async () => {
    const limit = 'echo 1 > /proc/sys/user/max_user_namespaces && exec "$@"';
    const { told } = await start(['0'], {}, [
      'unshare',
      '--user',
      '--map-root-user',
      'sh',
      '-c',
      limit,
      'sh',
    ]);
    expect(told).to.include({ isReexecuted: false, linkKind: null, uid: 1000 });
    const { privilege } = told!;
    expect(privilege.ok).to.equal(false);
    if (privilege.ok) return;
    expect(privilege.reason).to.match(/^user namespaces are not allowed here \(unshare: .*\)$/);
    expect(privilege.remedy).to.contain(isInContainer() ? '--cap-add SYS_ADMIN' : 'sysctl -w');
  });
});
