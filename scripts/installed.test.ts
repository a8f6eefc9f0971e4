import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isInstalled } from './installed.mjs';

const elsewhere = process.platform === 'linux' ? 'darwin' : 'linux';

describe('isInstalled', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'closewait-installed-'));
    mkdirSync(join(root, 'node_modules/a'), { recursive: true });
    writeFileSync(join(root, 'node_modules/a/package.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const a = { version: '1.0.0', integrity: 'sha512-a' };

  function locks(wanted: object, installed: object): void {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }

  it('holds for the same packages', () => {
    locks({ 'node_modules/a': a }, { 'node_modules/a': a });
    expect(isInstalled(root)).to.equal(true);
  });

  it('holds with a package more, and without those of other platforms', () => {
    const other = { version: '1.0.0', optional: true, os: [elsewhere] };
    const refused = { version: '1.0.0', optional: true, cpu: [`!${process.arch}`] };
    locks(
      { 'node_modules/a': a, 'node_modules/other': other, 'node_modules/refused': refused },
      { 'node_modules/a': a, 'node_modules/more': a },
    );
    expect(isInstalled(root)).to.equal(true);
  });

  it('fails without a package of this platform, even an optional one', () => {
    const ours = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] };
    locks({ 'node_modules/a': a, 'node_modules/ours': ours }, { 'node_modules/a': a });
    expect(isInstalled(root)).to.equal(false);
  });

  it('fails for another version, or other bytes of the same', () => {
    locks({ 'node_modules/a': { ...a, version: '1.0.1' } }, { 'node_modules/a': a });
    expect(isInstalled(root)).to.equal(false);
    locks({ 'node_modules/a': { ...a, integrity: 'sha512-b' } }, { 'node_modules/a': a });
    expect(isInstalled(root)).to.equal(false);
  });

  it('fails where a package was deleted by hand', () => {
    locks({ 'node_modules/a': a }, { 'node_modules/a': a });
    rmSync(join(root, 'node_modules/a'), { recursive: true });
    expect(isInstalled(root)).to.equal(false);
  });

  it('fails without node_modules', () => {
    locks({ 'node_modules/a': a }, {});
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(isInstalled(root)).to.equal(false);
  });
});
