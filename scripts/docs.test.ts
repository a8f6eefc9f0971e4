import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { missingHere } from './docs/missing.ts';
import { difference, snippetsOf, type Command } from './docs/snippets.ts';

const root = join(import.meta.dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

/** What `text` runs here, from the clone as it is; null for what installs or tests, which we are part of. */
function programOf(text: string): string | null {
  if (text === 'npm test' || text === 'npm ci') return null;
  const [, words] = /^(?:npx closewait|npm start --|npm start(?=$))(.*)$/.exec(text) ?? [];
  if (words === undefined) throw new Error(`a page has a command that no test can run: ${text}`);
  const main = `'${process.execPath}' '${join(root, 'dist/main.js')}'`;
  const known = `--known '${join(root, 'targets/known-failures.json')}'`;
  return text.startsWith('npm start') ? `${main} run ${known}${words}` : `${main}${words}`;
}

describe('the documentation', function () {
  this.timeout(300_000);
  let folder = '';

  before(function () {
    const missing = missingHere();
    if (missing !== '') this.skip();
    const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { encoding: 'utf8' });
    expect(built.status, built.stderr).to.equal(0);
    folder = mkdtempSync(join(tmpdir(), 'closewait-docs-'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  function run({ line, exit }: Command): string {
    const program = programOf(line);
    if (program === null) return '';
    const { status, stdout, stderr } = spawnSync('sh', ['-c', program], { cwd: folder, encoding: 'utf8' });
    expect(status, `${line}\n${stdout}${stderr}`).to.equal(exit);
    return stdout;
  }

  for (const { name, text } of pages) {
    const { examples, files } = snippetsOf(text);
    for (const { commands, output } of examples) {
      it(`${name}: ${commands.map(({ line }) => line).join(', ')}`, () => {
        for (const [file, content] of files) {
          if (!file.includes('/')) writeFileSync(join(folder, file), content);
        }
        const printed = commands.map(run).join('').split('\n');
        expect(output === null ? null : difference(output, printed), printed.join('\n')).to.equal(null);
      });
    }
  }
});

describe('the documentation', () => {
  for (const { name, text } of pages) {
    for (const [file, content] of snippetsOf(text).files) {
      if (!file.includes('/')) continue;
      it(`${name} shows ${file} as it is`, () => {
        expect(content).to.equal(readFileSync(join(root, file), 'utf8'));
      });
    }

    it(`${name} links to what is there`, () => {
      const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
      expect(links.filter((link) => !existsSync(join(root, name, '..', link)))).to.deep.equal([]);
    });
  }

  it('shows output with numbers of another run, and nothing else', () => {
    const printed = ['a 1.5ms  x', 'b  2', 'c users:((3))', 'd'];
    expect(difference(['a 300µs x', 'b 77'], printed)).to.equal(null);
    expect(difference(['a 1s x', '...', 'c users:...'], printed)).to.equal(null);
    expect(difference(['...', 'd'], printed)).to.equal(null);
    expect(difference(['a 1s x', 'd'], printed)).to.include('is shown where this is printed: b  2');
    expect(difference(['b 2', 'a 1s x'], printed)).to.include('not printed: a 1s x');
    expect(difference(['✗ 1s'], ['✓ 1s'])).to.include('not printed');
  });

  it('names the code that a command exits with', () => {
    const { examples } = snippetsOf('```sh\nnpm start\nnpx closewait run x   # exit 64\n```\n');
    expect(examples[0]!.commands).to.deep.equal([
      { line: 'npm start', exit: 0 },
      { line: 'npx closewait run x', exit: 64 },
    ]);
  });
});
