// `npm run docs:servers` writes docs/servers.md from a run of every case on every server that is installed here.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KnownFailure } from '#case';
import type { RunResult } from '#trace';
import { serversPage } from './servers-doc/page.ts';

const root = join(import.meta.dirname, '..');
const KNOWN = join(root, 'targets/known-failures.json');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv[2];
  const { known } = JSON.parse(readFileSync(KNOWN, 'utf8')) as { known: KnownFailure[] };
  const run = given === undefined ? runAll() : (JSON.parse(readFileSync(given, 'utf8')) as RunResult);
  writeFileSync(join(root, 'docs/servers.md'), await serversPage(run, known));
}

function runAll(): RunResult {
  const folder = mkdtempSync(join(tmpdir(), 'closewait-servers-'));
  try {
    const file = join(folder, 'run.json');
    const args = [
      '--import',
      'tsx',
      '--conditions=source',
      'main.ts',
      'run',
      '--all',
      '--known',
      KNOWN,
      '--json',
      file,
    ];
    spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    return JSON.parse(readFileSync(file, 'utf8')) as RunResult;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
