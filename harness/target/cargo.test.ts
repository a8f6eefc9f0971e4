import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { cargoPackage } from './cargo.ts';

const LOCK =
  '[[package]]\nname = "hyper"\nversion = "1.2.3"\n\n[[package]]\nname = "tokio"\nversion = "4.5.6"\n';

describe('a server that is a package of Cargo', () => {
  const before = process.env['XDG_CACHE_HOME'];
  let folder: string;
  let root: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "closewait user's cargo-"));
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
    root = join(folder, 'cache/closewait/rust-some');
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'Cargo.lock'), LOCK);
    writeFileSync(join(folder, 'src/main.rs'), 'fn main() {}\n');
  });
  afterEach(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    rmSync(folder, { recursive: true });
  });

  const server = () =>
    cargoPackage({
      name: 'rust-some',
      moduleUrl: pathToFileURL(join(folder, 'index.ts')).href,
      crate: 'hyper',
      runtime: 'tokio',
    });
  const install = (main: string): void => {
    mkdirSync(join(root, 'bin'), { recursive: true });
    const script = `#!/bin/sh\ntest "$*" = --sources && cat <<'END'\n${LOCK}${main}END\n`;
    writeFileSync(join(root, 'bin/closewait-rust-some'), script, { mode: 0o755 });
  };

  it('is installed by one line of a shell, from beside its index into the cache', () => {
    const quoted = (path: string): string => `'${path.replace("'", `'\\''`)}'`;
    expect(server().install).to.equal(
      `cargo install --locked --path ${quoted(folder)} --root ${quoted(root)} --target-dir "$(mktemp -d)"`,
    );
  });

  it('is found when it was made of the sources that are there', () => {
    expect(server().find()).to.equal(null);
    install('fn main() {}\n');
    expect(server().find()).to.deep.equal({
      program: join(root, 'bin/closewait-rust-some'),
      version: '1.2.3 (tokio 4.5.6)',
    });
  });

  it('is not found when it was made of others, or does not tell', () => {
    install('fn main() { }\n');
    expect(server().find()).to.equal(null);
    writeFileSync(join(root, 'bin/closewait-rust-some'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(server().find()).to.equal(null);
  });
});
