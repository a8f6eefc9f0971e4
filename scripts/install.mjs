#!/usr/bin/env node
// Imported first by `npm start` and `npm test`, so that they work on a fresh clone: installs what package-lock.json locks
// and builds dist/, each only when it is out of date; ends the process when it cannot. It runs before there are any
// packages. Not a `prestart` script: npm leaves those out for users who set ignore-scripts.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './compile.mjs';
import { isInstalled } from './installed.mjs';
import { withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

try {
  requireNode();
  if (!isInstalled(root)) await withLock(join(root, '.install.lock'), install);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
if (build(root) !== 0) process.exit(1);

function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (satisfies(process.versions.node, engines.node)) return;
  throw new Error(`closewait needs Node ${engines.node}; this is ${process.versions.node}`);
}

/**
 * @param {string} version
 * @param {string} range `^a.b` and `>=a.b`, joined by `||`
 */
function satisfies(version, range) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [wantedMajor = 0, wantedMinor = 0] = part
      .replace(/[^\d.]/g, '')
      .split('.')
      .map(Number);
    if (major === wantedMajor) return minor >= wantedMinor;
    return part.includes('>=') && major > wantedMajor;
  });
}

function install() {
  if (isInstalled(root)) return; // by the process that held the lock before us
  console.error('Installing the packages of package-lock.json ...');
  // The compiler and the tests are dev dependencies: NODE_ENV=production must not leave them out.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  /** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  const done =
    npm && basename(npm) === 'npm-cli.js'
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  throw new Error(`npm ${args.join(' ')} failed${done.error ? `: ${done.error.message}` : ''}`);
}
