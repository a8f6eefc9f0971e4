import { expect } from 'chai';
import { main } from './main.ts';
import { fakeIo, fakeRegistry, target } from './testing/registry.ts';

/** `closewait run` with a fake registry. */
function setUp() {
  const { fake, registry } = fakeRegistry();
  const io = fakeIo();
  const run = (...argv: string[]): Promise<number> => main(['run', ...argv], registry, io);
  const plan = () => fake.plans[0]!;
  const ids = (): string[] => plan().cases.map(({ id }) => id);
  const names = (): string[] => plan().targets.map(({ name }) => name);
  return { fake, registry, io, run, plan, ids, names };
}

describe('closewait run: what it runs', () => {
  it('without arguments: all that is not slow, on the core targets that are installed, on both families', async () => {
    const { run, plan, ids, names, io } = setUp();
    expect(await run()).to.equal(0);
    expect(names()).to.deep.equal(['echo', 'nginx']);
    expect(io.out()).to.include(
      'these servers are the core; --all runs every one that is installed (closewait targets)\n',
    );
    expect(ids()).to.have.length(5).and.not.include('states/time-wait-lasts');
    expect(plan()).to.deep.include({ families: [4, 6], plane: 'auto', repeat: 1 });
    expect(io.out()).to.include('left out as slow: states/time-wait-lasts; --slow runs them');
  });

  it('--all: every installed target, in the order of the registry', async () => {
    const { run, names, io } = setUp();
    expect(await run('--all', 'states/close-wait', '--skip-slow')).to.equal(0);
    expect(names()).to.deep.equal(['echo', 'nginx', 'squid']);
    expect(io.out()).to.not.include('--all');
  });

  it('what is installed, where nothing of the core is', async () => {
    const { registry, fake } = fakeRegistry();
    await main(['run'], { ...registry, targets: [target('squid'), target('echo', null)] }, fakeIo());
    expect(fake.plans[0]!.targets.map(({ name }) => name)).to.deep.equal(['squid']);
  });

  it('a target and selectors', async () => {
    const { run, ids, names } = setUp();
    expect(await run('nginx', 'states/fin-*', 'states/close-wait')).to.equal(0);
    expect(names()).to.deep.equal(['nginx']);
    expect(ids()).to.deep.equal([
      'states/close-wait',
      'states/fin-wait-1',
      'states/fin-wait-2',
      'states/fin-wait-2-lasts',
    ]);
  });

  it('a selector in the first place', async () => {
    const { run, ids, names } = setUp();
    expect(await run('close')).to.equal(0);
    expect([names(), ids()]).to.deep.equal([['echo', 'nginx'], ['close/rebind']]);
  });

  it('flags', async () => {
    const { run, plan } = setUp();
    await run('echo', '--family', '6', '--plane', 'loopback', '--repeat', '3', '--seed', '4294967295');
    expect(plan()).to.deep.include({ families: [6], plane: 'loopback', repeat: 3, seed: 4294967295 });
  });

  it('scale and time-out, which are repeated where a case is run again', async () => {
    const { run, plan, fake, io } = setUp();
    fake.verdicts = ['fail'];
    await run('echo', 'close', '--scale', '100000', '--case-timeout', '0.5', '--slow', '--seed', '1');
    expect(plan()).to.deep.include({ scale: 100_000, caseTimeoutMs: 500, slow: true });
    expect(io.out()).to.include(
      'again: closewait run echo close/rebind --family 4 --seed 1 --scale 100000 --case-timeout 0.5 --slow\n',
    );
  });

  it('neither scale nor time-out where none is given', async () => {
    const { run, plan } = setUp();
    await run('echo');
    expect(plan()).to.not.have.any.keys('scale', 'caseTimeoutMs', 'known');
  });

  const filters: [string[], string[]][] = [
    [
      ['--require', 'must', '--tag', 'state'],
      ['states/close-wait', 'states/fin-wait-1', 'states/fin-wait-2'],
    ],
    [['--require', 'should', '--exclude', 'states'], ['close/rebind']],
    [
      ['states', '--exclude', 'states/fin-*', '--slow'],
      ['states/close-wait', 'states/time-wait-lasts'],
    ],
    [
      ['--tag', 'close', '--tag', 'timer', '--slow'],
      ['close/rebind', 'states/time-wait-lasts'],
    ],
  ];
  for (const [argv, expected] of filters) {
    it(argv.join(' '), async () => {
      const { run, ids } = setUp();
      expect(await run(...argv)).to.equal(0);
      expect(ids()).to.deep.equal(expected);
    });
  }

  it("a server of the user's own by --exec", async () => {
    const { run, fake, names, io } = setUp();
    fake.verdicts = ['fail'];
    expect(
      await run('states/close-wait', '--exec', 'node s.js {port}', '--ready', 'listen', '--seed', '5'),
    ).to.equal(1);
    expect(names()).to.deep.equal(['server']);
    expect(fake.exec).to.deep.equal([{ command: 'node s.js {port}', ready: 'listen', env: {} }]);
    expect(io.out()).to.include(
      "again: closewait run --exec 'node s.js {port}' --ready listen states/close-wait --family 4 --seed 5\n",
    );
  });

  it('what is told of such a server', async () => {
    const { run, fake, io } = setUp();
    fake.verdicts = ['fail'];
    await run(
      'close',
      '--exec',
      'x',
      '--path',
      'large=/big',
      '--trait',
      'idleMs=2000',
      '--speak',
      'http',
      '--seed',
      '5',
    );
    expect(fake.exec).to.deep.equal([
      {
        command: 'x',
        env: {},
        speaks: 'http',
        paths: { large: '/big' },
        traits: { timeouts: { idle: 2000 } },
      },
    ]);
    expect(io.out()).to.include(
      'again: closewait run --exec x --speak http --path large=/big --trait idleMs=2000 close/rebind --family 4 --seed 5\n',
    );
  });

  it('what is told of a server at an address', async () => {
    const { run, fake, io } = setUp();
    fake.verdicts = ['fail'];
    await run('127.0.0.1:7000', 'close', '--trait', 'halfClose=close', '--seed', '5');
    expect(fake.attached).to.deep.equal([
      { address: '127.0.0.1', port: 7000, traits: { policy: { halfClose: 'close' } } },
    ]);
    expect(io.out()).to.include(
      'again: closewait run 127.0.0.1:7000 --trait halfClose=close close/rebind --family 4 --seed 5\n',
    );
  });

  it('a server at an address, on the family of that address', async () => {
    const { run, fake, plan } = setUp();
    expect(await run('[::1]:7000', 'states')).to.equal(0);
    expect(fake.attached).to.deep.equal([{ address: '::1', port: 7000 }]);
    expect(plan().families).to.deep.equal([6]);
  });

  it('a server at an address that is one of those it knows, installed or not', async () => {
    const { run, fake, io } = setUp();
    fake.verdicts = ['fail'];
    await run('127.0.0.1:7000', 'close', '--as', 'redis', '--seed', '5');
    expect(fake.attached).to.deep.equal([{ address: '127.0.0.1', port: 7000, like: 'redis' }]);
    expect(io.out()).to.include(
      'again: closewait run 127.0.0.1:7000 close/rebind --family 4 --seed 5 --as redis\n',
    );
  });

  it('a random seed each time', async () => {
    const { run, fake } = setUp();
    await run('close');
    await run('close');
    expect(fake.plans[0]!.seed).to.not.equal(fake.plans[1]!.seed);
  });
});

describe('closewait run: wrong calls', () => {
  const usage: [string[], string][] = [
    [['--as', 'nginx'], '--as nginx says what a server at HOST:PORT is, which is not given'],
    [['--exec', 'x', '--as', 'nginx'], '--as nginx says what a server at HOST:PORT is'],
    [['127.0.0.1:80', '--as', 'ngnix'], '--as ngnix: there is no such target; did you mean nginx?'],
    [['127.0.0.1:80', '--as', 'nginx', '--speak', 'http'], '--as nginx says what the server speaks, and so'],
    [
      ['127.0.0.1:80', '--as', 'nginx', '--path', 'large=/'],
      '--as nginx says what the server speaks, and so',
    ],
    [['ngnix'], "'ngnix' is no target, no HOST:PORT and no case; did you mean the target 'nginx'?"],
    [['state'], "'state' is no target, no HOST:PORT and no case; did you mean 'states'?"],
    [
      ['qqqqqqqq'],
      "'qqqqqqqq' is no target, no HOST:PORT and no case; targets are echo, nginx, redis, squid; cases are in close, states",
    ],
    [['nginx', 'sates'], "no case matches 'sates'; did you mean 'states'?"],
    [['nginx', 'echo'], "'echo' is a target, and stands where a selector is expected"],
    [['states/nothing-here-at-all'], "no case matches 'states/nothing-here-at-all'"],
    [['--exclude', 'sttes'], "no case matches 'sttes'; did you mean 'states'?"],
    [['--tag', 'tmer'], "no case has the tag 'tmer'; did you mean timer?"],
    [['--tag', 'wwwwwwww'], "no case has the tag 'wwwwwwww'; there are close, state, timer"],
    [['close', '--require', 'must'], 'no case is left by --require, --tag and --exclude together'],
    [['states/time-wait-lasts'], 'states/time-wait-lasts: slow, so run only with --slow'],
    [['nginx', '--exec', 'x'], "--exec brings a server of its own, so 'nginx' cannot be the target too"],
    [
      ['127.0.0.1:80', '--exec', 'x'],
      "--exec brings a server of its own, so '127.0.0.1:80' cannot be the target too",
    ],
    [['127.0.0.1:80', '--family', '6'], '--family 6: the address that is named is IPv4'],
    [['--repeat', '0'], '--repeat 0: it is a whole number from 1 to 1000000'],
    [['--seed', '1.5'], '--seed 1.5: it is a whole number from 0 to 4294967295'],
    [['--seed', '4294967296'], '--seed 4294967296: it is a whole number from 0 to 4294967295'],
    [['--reporter', 'lst'], '--reporter lst: there are list, json; did you mean list?'],
    [['--reporter', 'junit'], '--reporter junit: there are list, json'],
    [['--family', '5'], '--family 5: it is one of 4, 6, both'],
    [['--shard', '1/2'], 'unknown flag --shard'],
    [['--watch'], 'unknown flag --watch'],
    [['--cwd', '/'], '--cwd belongs to --exec, which is not given'],
    [['--slow', '--skip-slow'], '--slow and --skip-slow exclude each other'],
    [['nginx', '--all'], "'nginx' names one server, and --all is every one"],
    [['127.0.0.1:80', '--all'], "'127.0.0.1:80' names one server, and --all is every one"],
    [['--exec', 'x', '--all'], '--exec brings one server, and --all is every other'],
    [['--scale', '0'], '--scale 0: it is a whole number from 1 to 100000'],
    [['--scale', '100001'], '--scale 100001: it is a whole number from 1 to 100000'],
    [['--case-timeout', '0.4'], '--case-timeout 0.4: it is a number of seconds from 0.5 to 600'],
    [['--case-timeout', '601'], '--case-timeout 601: it is a number of seconds from 0.5 to 600'],
    [['--case-timeout', '5s'], '--case-timeout 5s: it is a number of seconds from 0.5 to 600'],
    [
      ['--speak', 'htp', '--exec', 'x'],
      '--speak htp: it is one of http, echo, banner, none; did you mean http?',
    ],
    [['--speak', 'http'], '--speak tells of a server of your own: it belongs to --exec or HOST:PORT'],
    [
      ['nginx', '--path', 'slow=/s'],
      '--path tells of a server of your own: it belongs to --exec or HOST:PORT',
    ],
    [['--exec', 'x', '--trait', 'drain=no'], '--trait drain=no: it is one of drain, reset'],
    [['127.0.0.1:80', '--path', 'slow=s'], "--path slow=s: a path starts with '/', and has no blanks"],
  ];
  for (const [argv, message] of usage) {
    it(`${argv.join(' ')} exits 64 and runs nothing`, async () => {
      const { run, io, fake } = setUp();
      expect(await run(...argv)).to.equal(64);
      expect(io.err()).to.match(/^closewait: .*\n {2}remedy: .+\n/);
      expect(io.err().split('\n')[0])
        .to.match(/ \[CW_USAGE\]$/)
        .and.include(message);
      expect([io.out(), fake.plans]).to.deep.equal(['', []]);
    });
  }

  it('an address of another machine exits 64 and says why', async () => {
    const { run, io } = setUp();
    expect(await run('192.0.2.7:80')).to.equal(64);
    expect(io.err()).to.include(
      "192.0.2.7:80 is not an address of this machine's loopback [CW_NOT_LOOPBACK]",
    );
  });

  it('a target that is not installed exits 3 with the command that installs it', async () => {
    const { run, io } = setUp();
    expect(await run('redis')).to.equal(3);
    expect(io.err()).to.equal(
      "closewait: the target 'redis' is not installed here [CW_TARGET_NOT_INSTALLED]\n  remedy: apt-get install redis\n",
    );
  });

  it('exits 3 where no target is installed at all', async () => {
    const { registry } = fakeRegistry();
    const io = fakeIo();
    expect(await main(['run'], { ...registry, targets: [target('redis', null)] }, io)).to.equal(3);
  });

  it('a JSON file in no folder exits 64 before the run', async () => {
    const { run, io, fake } = setUp();
    expect(await run('--json', '/no/such/folder/out.json')).to.equal(64);
    expect(io.err())
      .to.include("cannot write the result to '/no/such/folder/out.json'")
      .and.include('[CW_REPORT_FILE]');
    expect(fake.plans).to.deep.equal([]);
  });
});
