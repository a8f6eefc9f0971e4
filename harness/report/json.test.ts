import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CloseWaitError } from '#core';
import { checkJsonFile, writeJson } from './json.ts';
import { caseResult, runResult } from './testing/run.ts';

const run = runResult([caseResult()]);

describe('JSON result', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'closewait-json-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const refused = (file: string, reason: RegExp): void => {
    for (const action of [() => checkJsonFile(file), () => writeJson(run, file)]) {
      expect(action).to.throw(CloseWaitError, reason).that.includes({ code: 'CW_REPORT_FILE' });
    }
  };

  it('is written whole, replaces an older one, and leaves nothing beside it', () => {
    const file = join(folder, 'out.json');
    writeFileSync(file, 'older and longer'.repeat(10_000));
    checkJsonFile(file);
    writeJson(run, file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.deep.equal(run);
    expect(readdirSync(folder)).to.deep.equal(['out.json']);
  });

  it('goes where a symbolic link leads', () => {
    mkdirSync(join(folder, 'real'));
    const real = join(folder, 'real', 'out.json');
    writeFileSync(real, '');
    symlinkSync(real, join(folder, 'link.json'));
    writeJson(run, join(folder, 'link.json'));
    expect(JSON.parse(readFileSync(real, 'utf8'))).to.deep.equal(run);
  });

  it('is refused where the folder does not exist, before a run too', () => {
    refused(join(folder, 'none', 'out.json'), /cannot write the result to '.*none\/out\.json': ENOENT/);
  });

  it('is refused where the name is a folder', () => {
    refused(folder, /cannot write the result to /);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  // Root may write anywhere.
  if (process.getuid?.() !== 0) {
    it('is refused where the folder is not writable', () => {
      chmodSync(folder, 0o500);
      refused(join(folder, 'out.json'), /EACCES/);
    });
  }

  it('is written into a device, which stays one', () => {
    writeJson(run, '/dev/null');
    expect(existsSync('/dev/null') && readFileSync('/dev/null', 'utf8')).to.equal('');
  });
});
