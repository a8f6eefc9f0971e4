#!/usr/bin/env node
// `npm test`: all tests, or those of the files, folders and globs that come first; the rest are Mocha's options:
//   npm test -- harness/tcp --grep wraps
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const {
  'node-option': nodeOptions,
  spec,
  ...settings
} = JSON.parse(readFileSync(join(root, '.mocharc.json'), 'utf8'));

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const files = args.slice(0, firstOption === -1 ? args.length : firstOption).map(testsOf);
const options = args.slice(files.length);

// Mocha adds the files of its configuration to those of the command line: give it the settings without the files.
const mocha = spawn(
  process.execPath,
  [
    ...nodeOptions.map((/** @type {string} */ option) => `--${option}`),
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    '--no-package',
    ...Object.entries(settings).flatMap(([name, value]) => [value].flat().map((one) => `--${name}=${one}`)),
    '--forbid-only',
    '--fail-zero',
    `--reporter=${join(root, 'scripts/reporter.mjs')}`,
    ...options,
    ...(files.length > 0 ? files : spec),
  ],
  { cwd: root, stdio: 'inherit' },
);
// A terminal sends Ctrl-C to Mocha as well: wait for its report.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => mocha.kill('SIGTERM'));
mocha.on('exit', (code, signal) => {
  if (signal) console.error(`Mocha was killed by ${signal}`);
  process.exitCode = code ?? 1;
});

/** @param {string} path */
function testsOf(path) {
  const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? `${path.replace(/\/$/, '')}/**/*.{test,case}.ts` : path;
}
