import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { CloseWaitError } from '#core';
import { compileOnce, type Compiler } from './compiled.ts';

describe('a compiled server', () => {
  const before = process.env['XDG_CACHE_HOME'];
  let folder: string;
  let cache: string;
  const installed = { program: 'sh', version: '1' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'closewait-compiled-'));
    cache = join(folder, 'cache');
    process.env['XDG_CACHE_HOME'] = cache;
    writeFileSync(join(folder, 'server.txt'), 'one');
  });
  afterEach(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    rmSync(folder, { recursive: true });
  });

  /** A compiler that copies; each time it notes that it was called. */
  const copying = (line = 'cp "$0" server'): Compiler => ({
    name: 'copied',
    moduleUrl: pathToFileURL(join(folder, 'index.ts')).href,
    source: 'server.txt',
    command: (source) => ['sh', '-c', `echo >>${folder}/calls; mkdir scratch; ${line}`, source],
    scratch: 'scratch',
  });
  const calls = (): number => readFileSync(join(folder, 'calls'), 'utf8').length;
  const kept = (): string[] => readdirSync(join(cache, 'closewait'));

  it('is compiled once, and kept without what the compiler needed', () => {
    const first = compileOnce(copying(), installed);
    expect(compileOnce(copying(), installed)).to.equal(first);
    expect(calls()).to.equal(1);
    expect(readdirSync(first)).to.deep.equal(['server']);
    expect(kept()).to.have.lengthOf(1);
  });

  it('is compiled again when its source or its compiler is another', () => {
    const first = compileOnce(copying(), installed);
    writeFileSync(join(folder, 'server.txt'), 'two');
    const second = compileOnce(copying(), installed);
    expect(readFileSync(join(second, 'server'), 'utf8')).to.equal('two');
    expect(readFileSync(join(first, 'server'), 'utf8')).to.equal('one');
    compileOnce(copying(), { ...installed, version: '2' });
    expect(calls()).to.equal(3);
  });

  it('is that of a quicker process, when there are two', () => {
    const final = join(folder, 'final');
    const other = `if test -e ${final}; then mkdir "$(cat ${final})" && echo other >"$(cat ${final})/server"; fi`;
    const compiler = copying(`cp "$0" server; ${other}`);
    const first = compileOnce(compiler, installed);
    rmSync(first, { recursive: true });
    writeFileSync(final, first);
    expect(compileOnce(compiler, installed)).to.equal(first);
    expect(readFileSync(join(first, 'server'), 'utf8')).to.equal('other\n');
    expect(kept()).to.have.lengthOf(1);
  });

  it('is removed when another is compiled 30 days after its last use', () => {
    const unusedFor = (path: string, days: number): void => {
      const then = new Date(Date.now() - days * 24 * 3_600_000);
      utimesSync(path, then, then);
    };
    const compileAnother = (text: string): string => {
      writeFileSync(join(folder, 'server.txt'), text);
      return compileOnce(copying(), installed);
    };
    const old = compileOnce(copying(), installed);
    const abandoned = join(cache, 'closewait/.copied-Ab3dE6');
    // Not of this making: Cargo installs to such a folder.
    const foreign = join(cache, 'closewait/installed-server');
    for (const made of [abandoned, foreign]) mkdirSync(made);
    for (const made of [old, abandoned, foreign]) unusedFor(made, 31);
    // It is used once more.
    compileOnce(copying(), installed);
    const second = compileAnother('two');
    expect(kept()).to.have.members([old, second, foreign].map((path) => basename(path)));
    unusedFor(old, 31);
    unusedFor(second, 29);
    const third = compileAnother('three');
    expect(kept()).to.have.members([second, third, foreign].map((path) => basename(path)));
  });

  it('says what the compiler says, and leaves nothing, when that fails', () => {
    expect(() => compileOnce(copying('echo wrong here >&2; exit 3'), installed))
      .to.throw(CloseWaitError, /^copied: sh did not compile .*server\.txt: wrong here$/)
      .with.property('code', 'CW_TARGET_COMPILE');
    expect(kept()).to.deep.equal([]);
  });

  it('says which folder it may not write to', () => {
    mkdirSync(cache);
    // Root may write everywhere, but not into a file.
    if (process.getuid?.() === 0) writeFileSync(join(cache, 'closewait'), '');
    else chmodSync(cache, 0o555);
    expect(() => compileOnce(copying(), installed))
      .to.throw(CloseWaitError, `'${join(cache, 'closewait')}'`)
      .with.property('code', 'CW_TARGET_COMPILE');
  });
});
