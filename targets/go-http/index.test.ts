import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { goHttp } from './index.ts';

describe('the Go that go-http is compiled by', () => {
  const before = process.env['PATH'];
  let folder: string;
  let program: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'closewait-go-'));
    program = join(folder, 'go/bin/go');
    for (const made of ['path', 'go/bin']) mkdirSync(join(folder, made), { recursive: true });
    writeFileSync(program, `#!/bin/sh\ntouch ${folder}/asked\n`, { mode: 0o755 });
    symlinkSync(program, join(folder, 'path/go'));
    process.env['PATH'] = join(folder, 'path');
  });
  afterEach(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true });
  });

  it('is known by the VERSION above it, and not asked: it would write to the folder of its user', () => {
    writeFileSync(join(folder, 'go/VERSION'), 'go1.2.3\ntime 2026-01-01T00:00:00Z\n');
    expect(goHttp.find()).to.deep.equal({ program: join(folder, 'path/go'), version: '1.2.3' });
    expect(existsSync(join(folder, 'asked'))).to.equal(false);
  });

  it('is none when it has no such file', () => {
    expect(goHttp.find()?.program).not.to.equal(join(folder, 'path/go'));
  });
});
