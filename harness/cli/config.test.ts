import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from './main.ts';
import { fakeIo, fakeRegistry } from './testing/registry.ts';

describe('closewait run --config', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'closewait-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(content: unknown, words: readonly string[] = [], name = 'closewait.config.json') {
    const { fake, registry } = fakeRegistry();
    const io = fakeIo();
    const file = join(folder, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    const code = await main(['run', ...words, '--config', file, '--seed', '1'], registry, io);
    const { plans, exec } = fake;
    return { code, out: io.out(), err: io.err(), plans, exec, file };
  }

  const app = { exec: 'node app.js {port}' };

  it('runs its servers where none is named, in the folder of the file', async () => {
    const { code, plans, exec, out, file } = await run({ targets: { app, 'app-2': app } });
    expect(code).to.equal(0);
    expect(plans[0]!.targets.map(({ name }) => name)).to.deep.equal(['app', 'app-2']);
    expect(exec[0]).to.deep.equal({ command: app.exec, cwd: folder, env: {} });
    expect(out).to.include(`these servers are those of ${file}\n`);
  });

  it('has all that the flags say', async () => {
    mkdirSync(join(folder, 'server'));
    const whole = {
      ...app,
      ready: 'log:/listening/i',
      cwd: 'server',
      env: { DEBUG: 1, NAME: 'a=b' },
      speak: 'http',
      paths: { large: '/big', slow: '/slow' },
      traits: {
        closesOnFin: true,
        defersAccept: { port: 'main' },
        backlog: 128,
        policy: { halfClose: 'respond', deadPeerIdleMs: 'never' },
        timeouts: { idle: 5000 },
      },
    };
    const { plans, exec } = await run({ targets: { app: whole }, caseTimeout: 2.5 }, ['app', 'close']);
    expect(plans[0]).to.include({ caseTimeoutMs: 2500 });
    expect(plans[0]!.cases.map(({ id }) => id)).to.deep.equal(['close/rebind']);
    expect(exec).to.deep.equal([
      {
        command: app.exec,
        ready: { log: /listening/i },
        cwd: join(folder, 'server'),
        env: { DEBUG: '1', NAME: 'a=b' },
        speaks: 'http',
        paths: { large: '/big', slow: '/slow' },
        traits: whole.traits,
      },
    ]);
  });

  it('gives way to --case-timeout, and to a server that is named', async () => {
    const { plans } = await run({ targets: { app }, caseTimeout: 9 }, ['nginx', '--case-timeout', '1']);
    expect(plans[0]!.targets.map(({ name }) => name)).to.deep.equal(['nginx']);
    expect(plans[0]).to.include({ caseTimeoutMs: 1000 });
  });

  it('is JavaScript, too', async () => {
    const { plans } = await run(
      `export default { targets: { app: ${JSON.stringify(app)} } };`,
      [],
      'closewait.config.mjs',
    );
    expect(plans[0]!.targets.map(({ name }) => name)).to.deep.equal(['app']);
  });

  it('is repeated where a case is run again', async () => {
    const { fake, registry } = fakeRegistry();
    const io = fakeIo();
    const file = join(folder, 'own.json');
    writeFileSync(file, JSON.stringify({ targets: { app } }));
    fake.verdicts = ['fail'];
    await main(['run', 'app', 'close', '--config', file, '--seed', '1'], registry, io);
    expect(io.out()).to.include(
      `again: closewait run app close/rebind --family 4 --seed 1 --config ${file}\n`,
    );
  });

  const errors: [unknown, string][] = [
    ['{', 'JSON'],
    [[], 'it is an object, not []'],
    [{ target: {} }, 'target: there is no such key; did you mean targets?'],
    [{ targets: { app: {} } }, 'targets.app.exec: it is the command'],
    [{ targets: { 'a b': app } }, "targets.a b: a name has letters, digits, '.', '_' and '-' alone"],
    [{ targets: { nginx: app } }, 'targets.nginx: closewait knows a server of this name'],
    [
      { targets: { app: { ...app, exce: '' } } },
      'targets.app.exce: there is no such key; did you mean exec?',
    ],
    [{ targets: { app: { ...app, cwd: 'none' } } }, 'targets.app.cwd: there is no folder none'],
    [{ targets: { app: { ...app, cwd: 1 } } }, 'targets.app.cwd: it is a text'],
    [
      { targets: { app: { ...app, ready: 'tpc' } } },
      'targets.app.ready: --ready tpc: it is tcp, listen or log',
    ],
    [{ targets: { app: { ...app, speak: 'smtp' } } }, 'targets.app.speak: it is one of http, echo'],
    [
      { targets: { app: { ...app, paths: { large: 'big' } } } },
      "targets.app: --path large=big: a path starts with '/'",
    ],
    [{ targets: { app: { ...app, env: [] } } }, 'targets.app.env: it is an object, not []'],
    [
      { targets: { app: { ...app, traits: { policy: { halfclose: 'respond' } } } } },
      'targets.app.traits.policy.halfclose: there is no such trait; did you mean policy.halfClose?',
    ],
    [
      { targets: { app: { ...app, traits: { timeouts: { idle: 'soon' } } } } },
      'targets.app.traits.timeouts.idle: it is milliseconds, not "soon"',
    ],
    [{ caseTimeout: 0 }, 'caseTimeout: --case-timeout 0: it is a number of seconds from 0.5 to 600'],
  ];
  for (const [content, message] of errors) {
    it(`is refused: ${message}`, async () => {
      const { code, err, file } = await run(content);
      expect(code).to.equal(64);
      expect(err).to.include('[CW_CONFIG]').and.include(file).and.include(message);
    });
  }

  it('is refused where there is none at that place', async () => {
    const { registry } = fakeRegistry();
    const io = fakeIo();
    expect(await main(['run', '--config', join(folder, 'none.json')], registry, io)).to.equal(64);
    expect(io.err()).to.include('none.json').and.include('[CW_CONFIG]');
  });
});
