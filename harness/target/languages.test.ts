import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { findJdk } from './java.ts';
import { findPython } from './python.ts';

describe('servers in other languages', () => {
  const before = process.env['PATH'];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'closewait-languages-'));
    process.env['PATH'] = [folder, before].join(delimiter);
  });
  afterEach(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true });
  });

  function program(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  it('take the interpreter itself, where a launcher stands in its place', () => {
    program('python3', 'printf "/real/python3\\n3.99.1\\n"');
    expect(findPython()).to.deep.equal({ program: '/real/python3', version: '3.99.1' });
  });

  it('take the first Python that has the package', () => {
    program('python3', 'case "$*" in *" gunicorn") exit 1;; esac; printf "/real/python3\\n7.8\\n"');
    expect(findPython('uvicorn')).to.deep.equal({ program: '/real/python3', version: '7.8' });
    expect(findPython('gunicorn')?.program).not.to.equal('/real/python3');
  });

  it('are not there without the package', () => {
    expect(findPython('closewait-has-no-such-package')).to.equal(null);
  });

  it('want a compiler beside the Java that they run on', () => {
    program('java', `echo 'openjdk version "99.1" 2099-01-01' >&2`);
    expect(findJdk()).to.equal(null);
    program('javac', '');
    expect(findJdk()).to.deep.equal({ program: join(folder, 'java'), version: '99.1' });
  });
});
