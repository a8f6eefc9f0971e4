import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');

describe('the build', function () {
  this.timeout(60_000);
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'closewait-build-'));
    for (const file of [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts',
    ]) {
      cpSync(join(root, file), join(project, file), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    for (const folder of ['harness', 'targets', 'suites']) mkdirSync(join(project, folder));
    writeFileSync(join(project, 'main.ts'), "import { one } from './targets/one.ts';\nconsole.log(one);\n");
    writeFileSync(join(project, 'targets/one.ts'), 'export const one: number = 1;\n');
    writeFileSync(join(project, 'targets/one.test.ts'), "import './one.ts';\n");
  });
  afterEach(() => rmSync(project, { recursive: true }));

  /** Exit code and what was said. */
  async function build(): Promise<{ code: number; said: string }> {
    const child = spawn(process.execPath, ['scripts/build.mjs'], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }

  const built = (): number => statSync(join(project, 'dist')).ino;
  const leftovers = (): string[] => readdirSync(project).filter((name) => name.startsWith('.dist-'));

  it('makes a command of main.ts, and nothing of tests', async () => {
    expect(await build()).to.deep.equal({ code: 0, said: '' });
    expect(statSync(join(project, 'dist/main.js')).mode & 0o111).to.equal(0o111);
    expect(readdirSync(join(project, 'dist/targets'))).to.have.members(['one.js', 'one.d.ts']);
  });

  it('is skipped when no source has changed, however young', async () => {
    await build();
    const before = built();
    writeFileSync(join(project, 'targets/one.ts'), 'export const one: number = 1;\n');
    appendFileSync(join(project, 'targets/one.test.ts'), '// another line\n');
    await build();
    expect(built()).to.equal(before);
  });

  it('follows a change, a removed source and a removed result', async () => {
    writeFileSync(join(project, 'targets/two.ts'), 'export const two = 2;\n');
    await build();
    rmSync(join(project, 'targets/two.ts'));
    await build();
    expect(readdirSync(join(project, 'dist/targets'))).to.have.members(['one.js', 'one.d.ts']);
    rmSync(join(project, 'dist/targets/one.js'));
    await build();
    expect(existsSync(join(project, 'dist/targets/one.js'))).to.equal(true);
  });

  it('copies the servers in other languages, follows their changes, and leaves all else', async () => {
    const written = join(project, 'targets/two/server.py');
    const copied = join(project, 'dist/targets/two/server.py');
    mkdirSync(join(project, 'targets/two/src'), { recursive: true });
    writeFileSync(written, 'print(1)\n');
    for (const file of ['Cargo.toml', 'Cargo.lock', 'src/main.rs', 'notes.toml'])
      writeFileSync(join(project, 'targets/two', file), '');
    writeFileSync(join(project, 'targets/notes.txt'), 'notes\n');
    await build();
    expect(readdirSync(join(project, 'dist/targets'))).to.have.members(['one.js', 'one.d.ts', 'two']);
    expect(existsSync(copied)).to.equal(true);
    expect(readdirSync(join(project, 'dist/targets/two'), { recursive: true })).to.have.members([
      'server.py',
      'Cargo.toml',
      'Cargo.lock',
      'src',
      'src/main.rs',
    ]);
    appendFileSync(written, 'print(2)\n');
    await build();
    expect(readFileSync(copied, 'utf8')).to.equal('print(1)\nprint(2)\n');
    rmSync(copied);
    await build();
    expect(existsSync(copied)).to.equal(true);
    rmSync(written);
    await build();
    expect(existsSync(copied)).to.equal(false);
  });

  it('keeps the last result when the compiler finds an error', async () => {
    await build();
    const before = built();
    writeFileSync(join(project, 'targets/one.ts'), "export const one: number = 'one';\n");
    const { code, said } = await build();
    expect(code).to.equal(1);
    expect(said).to.include('targets/one.ts(1,14)').and.include('dist/ is not built');
    expect(built()).to.equal(before);
    expect(leftovers()).to.deep.equal([]);
  });

  it('leaves a whole result when several run at once', async () => {
    const results = await Promise.all([build(), build(), build()]);
    expect(results.map(({ code, said }) => `${code}${said}`)).to.deep.equal(['0', '0', '0']);
    expect(existsSync(join(project, 'dist/targets/one.js'))).to.equal(true);
    expect(leftovers()).to.deep.equal([]);
  });
});
