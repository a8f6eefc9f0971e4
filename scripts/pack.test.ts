import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isReexecuted } from '#lab';

const root = join(import.meta.dirname, '..');
const MAX_BYTES = 600_000;

/** Runs a command and returns its output. Npm's settings of the run that we are part of are not for it. */
function run(cwd: string, command: string, ...args: string[]): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
    ),
  );
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).to.equal(0);
  return stdout;
}

describe('the packed tarball', function () {
  this.timeout(180_000);
  let folder = '';
  let tarball: string;

  before(function () {
    // In an ordinary user's user namespace there is no registry: `npm test` runs this file outside of it.
    if (isReexecuted()) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'closewait-pack-'));
    run(root, 'npm', 'pack', '--pack-destination', folder);
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball);
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('is small, and holds what is needed to run and no more', () => {
    expect(statSync(tarball).size).to.be.below(MAX_BYTES);
    const installed = join(folder, 'node_modules/closewait');
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files).to.include.members([
      'dist/main.js',
      'docs/errors.md',
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ]);
    const servers = readdirSync(join(root, 'targets'), { recursive: true, encoding: 'utf8' });
    expect(files).to.include.members(
      servers
        .filter((file) => /^(?!faulty\/).*\.(py|go|java|rs|c)$/.test(file))
        .map((file) => `dist/targets/${file}`),
    );
    const unwanted = /\.test\.|(^|\/)(fixtures|testing|faulty|scripts|bench)\/|(?<!\.d)\.ts$|\.build\.json$/;
    expect(files.filter((file) => unwanted.test(file))).to.deep.equal([]);
  });

  it('finds every part that package.json names', () => {
    const installed = join(folder, 'node_modules/closewait');
    const { imports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      imports: Record<string, { default: string }>;
    };
    const lost = Object.values(imports).filter((door) => !existsSync(join(installed, door.default)));
    expect(lost).to.deep.equal([]);
  });

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(run(folder, 'npx', 'closewait', '--version').trim()).to.equal(version);
  });

  it('lists its cases', () => {
    const listed = run(folder, 'npx', 'closewait', 'list', '--json');
    expect(listed).to.include('"states/established"');
    expect(() => JSON.parse(listed) as unknown).not.to.throw();
  });

  it('drives its echo server through the states', () => {
    run(folder, 'npx', 'closewait', 'run', 'echo', 'states/**', '--json', 'out.json');
    const { cases } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
      cases: { verdict: string }[];
    };
    expect(cases.filter(({ verdict }) => verdict === 'pass').length).to.be.at.least(11);
  });
});
