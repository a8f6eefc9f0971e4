import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const STAMP = '.build.json';
const HOUR_MS = 3_600_000;
/** What only our own tests need; tsconfig.build.json leaves out the same. */
const NOT_PUBLISHED = /[\\/](fixtures|testing|faulty)[\\/]/;

/** @param {string} root */
export function hasCompiler(root) {
  return existsSync(compilerOf(root));
}

/** @param {string} root */
function compilerOf(root) {
  return join(root, 'node_modules/typescript/bin/tsc');
}

/**
 * Builds `root`/dist in a temporary folder and swaps it in, so that a build that fails, or two at once, leave a whole dist/.
 * @param {string} root
 * @returns {number} exit code
 */
export function build(root) {
  const sources = [...sourceFiles(root), ...serverFiles(root)];
  const hash = hashOf(root, sources);
  const dist = join(root, 'dist');
  if (isCurrent(dist, hash, sources)) return 0;

  removeAbandoned(root);
  const fresh = mkdtempSync(join(root, '.dist-'));
  const compile = spawnSync(
    process.execPath,
    [compilerOf(root), '-p', 'tsconfig.build.json', '--outDir', fresh, '--noEmitOnError'],
    { cwd: root, encoding: 'utf8' },
  );
  if (compile.status !== 0) {
    rmSync(fresh, { recursive: true });
    console.error(`${compile.stdout}${compile.stderr}dist/ is not built: the compiler found errors`);
    return 1;
  }
  for (const file of serverFiles(root)) cpSync(join(root, file), join(fresh, file));
  chmodSync(fresh, 0o755);
  chmodSync(join(fresh, 'main.js'), 0o755);
  writeFileSync(join(fresh, STAMP), JSON.stringify({ hash }));
  swapIn(fresh, dist, hash, sources);
  return 0;
}

/**
 * Paths of all sources, from `root`, sorted. Wider than what the compiler reads is right, narrower is not.
 * @param {string} root
 */
function sourceFiles(root) {
  return ['harness', 'targets', 'suites']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .concat('main.ts')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !NOT_PUBLISHED.test(file))
    .sort();
}

/**
 * Servers in other languages, beside the targets that start them: they are copied as they are.
 * @param {string} root
 */
function serverFiles(root) {
  return readdirSync(join(root, 'targets'), { recursive: true, encoding: 'utf8' })
    .map((file) => join('targets', file))
    .filter(
      (file) => /(\.(py|go|java|rs|c)|[\\/]Cargo\.(toml|lock))$/.test(file) && !NOT_PUBLISHED.test(file),
    )
    .sort();
}

/**
 * @param {string} root
 * @param {string[]} sources
 */
function hashOf(root, sources) {
  const hash = createHash('sha256');
  for (const file of [
    ...sources,
    'tsconfig.json',
    'tsconfig.build.json',
    'package.json',
    'package-lock.json',
    'scripts/compile.mjs',
  ]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} dist
 * @param {string} hash
 * @param {string[]} sources
 */
function isCurrent(dist, hash, sources) {
  try {
    if (JSON.parse(readFileSync(join(dist, STAMP), 'utf8')).hash !== hash) return false;
  } catch {
    return false;
  }
  return sources.every((file) => existsSync(join(dist, file.replace(/\.ts$/, '.js'))));
}

/**
 * A folder cannot replace a folder that is not empty in one step: the old one is moved away first. Where another build
 * comes between, its result is kept when it is the same.
 * @param {string} fresh
 * @param {string} dist
 * @param {string} hash
 * @param {string[]} sources
 */
function swapIn(fresh, dist, hash, sources) {
  for (let attempt = 0; ; attempt++) {
    const old = `${fresh}-old-${attempt}`;
    if (existsSync(dist)) tryRename(dist, old);
    const swapped = tryRename(fresh, dist);
    rmSync(old, { recursive: true, force: true });
    if (swapped) return;
    if (isCurrent(dist, hash, sources)) {
      rmSync(fresh, { recursive: true });
      return;
    }
    if (attempt === 20) throw new Error(`cannot move ${fresh} to ${dist}`);
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function tryRename(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') return false;
    throw error;
  }
}

/**
 * Removes what builds that were killed left behind.
 * @param {string} root
 */
function removeAbandoned(root) {
  for (const name of readdirSync(root)) {
    if (!name.startsWith('.dist-')) continue;
    const path = join(root, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changed > HOUR_MS) rmSync(path, { recursive: true, force: true });
  }
}
