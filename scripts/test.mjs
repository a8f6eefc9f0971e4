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

// An ordinary user's tests run in a user namespace, whose network is their own. These need the machine's: they go first.
const AT_HOME = 'scripts/pack.test.ts';
const apart = files.length === 0 && options.length === 0 && process.getuid?.() !== 0;
if (apart) {
  const [code, counts] = await mocha([AT_HOME], [], { CLOSEWAIT_STAY: '1' });
  process.exitCode = code;
  const [later] = await mocha(spec, [`--ignore=${AT_HOME}`], { CLOSEWAIT_COUNTED: counts });
  process.exitCode ||= later;
} else {
  [process.exitCode] = await mocha(files.length > 0 ? files : spec, options, {});
}

/**
 * Mocha adds the files of its configuration to those of the command line: it is given the settings without the files.
 * @param {string[]} tests
 * @param {string[]} more
 * @param {Record<string, string>} env
 * @returns {Promise<[code: number, closingLine: string]>}
 */
function mocha(tests, more, env) {
  const colour = process.stdout.isTTY ? ['--color'] : [];
  const fixed = [...colour, '--no-config', '--no-package', '--forbid-only', '--fail-zero'];
  const reporter = `--reporter=${join(root, 'scripts/reporter.mjs')}`;
  const child = spawn(
    process.execPath,
    [
      ...nodeOptions.map((/** @type {string} */ option) => `--${option}`),
      join(root, 'node_modules/mocha/bin/mocha.js'),
      ...fixed,
      ...Object.entries(settings).flatMap(([name, value]) => [value].flat().map((one) => `--${name}=${one}`)),
      reporter,
      ...more,
      ...tests,
    ],
    { cwd: root, stdio: ['inherit', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  );
  // A terminal sends Ctrl-C to Mocha as well: wait for its report.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  let tail = '';
  child.stdout.on('data', (part) => {
    process.stdout.write(part);
    tail = (tail + part).slice(-200);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (signal) console.error(`Mocha was killed by ${signal}`);
      resolve([code ?? 1, /^\d+ passed, \d+ failed, \d+ skipped$/m.exec(tail)?.[0] ?? '']);
    });
  });
}

/** @param {string} path */
function testsOf(path) {
  const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? `${path.replace(/\/$/, '')}/**/*.{test,case}.ts` : path;
}
