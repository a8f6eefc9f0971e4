#!/usr/bin/env node
// `npm test`: all tests, or those of the files, folders and globs that come first; the rest are Mocha's options:
//   npm test -- harness/tcp --grep wraps
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
// Most of their time tests wait, so that two processes take little more than half: what starts commands, and the rest.
const COMMANDS = 'scripts/**/*.test.ts';

/** @type {Ended[]} */
const ended = [];
if (files.length > 0 || options.length > 0) {
  ended.push(await mocha(files.length > 0 ? files : spec, options));
} else {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) ended.push(await mocha([AT_HOME], [], { env: { CLOSEWAIT_STAY: '1' } }));
  const rest = spec.filter((/** @type {string} */ pattern) => pattern !== COMMANDS);
  const commands = mocha([COMMANDS], isRoot ? [] : [`--ignore=${AT_HOME}`], { isHeld: true });
  ended.push(await mocha(rest, []), await commands);
}
for (const { held } of ended) process.stdout.write(held);
const total = ended
  .map(({ counts }) => counts)
  .reduce((one, other) => one.map((n, at) => n + (other[at] ?? 0)));
console.log(`${total[0]} passed, ${total[1]} failed, ${total[2]} skipped`);
process.exitCode = Math.max(...ended.map(({ code }) => code));

/**
 * @typedef {object} Ended
 * @property {number} code
 * @property {readonly number[]} counts passed, failed, skipped
 * @property {string} held its output, where that was to be held back
 */

/**
 * Mocha adds the files of its configuration to those of the command line: it is given the settings without the files. Its
 * closing line is left out: there is one for all.
 * @param {string[]} tests
 * @param {string[]} more
 * @param {{ env?: Record<string, string>, isHeld?: boolean }} how
 * @returns {Promise<Ended>}
 */
function mocha(tests, more, { env = {}, isHeld = false } = {}) {
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
  const lines = createInterface({ input: child.stdout });
  /** @type {number[] | undefined} */
  let counts;
  let held = '';
  lines.on('line', (line) => {
    const closing = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line);
    if (closing !== null) counts = closing.slice(1).map(Number);
    else if (isHeld) held += `${line}\n`;
    else console.log(line);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (signal) console.error(`Mocha was killed by ${signal}`);
      // One that has no closing line broke down: a failure.
      resolve({ code: code ?? 1, counts: counts ?? [0, 1, 0], held });
    });
  });
}

/** @param {string} path */
function testsOf(path) {
  const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? `${path.replace(/\/$/, '')}/**/*.{test,case}.ts` : path;
}
