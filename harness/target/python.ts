import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Installed, StartContext, StartPlan } from './contract.ts';
import { searchPath } from './environment.ts';

/** How long an interpreter may take to tell of itself, milliseconds. */
const VERSION_MS = 5000;

/** sys.executable: `python3` in PATH may be a launcher (pyenv), which takes a while and wants a HOME. */
const ASK = `import importlib.metadata, sys
name = sys.argv[1]
print(sys.executable)
print(importlib.metadata.version(name) if name else sys.version.split()[0])`;

/** To ask takes long, and whoever asks is held up: the starts of a whole run do it once. */
const found = new Map<string, Installed>();

/**
 * Finds a Python 3, or the first in PATH that has a package.
 * @param distribution the package's name; the version that is told is its own
 */
export function findPython(distribution = ''): Installed | null {
  const key = `${distribution} ${process.env['PATH']}`;
  const known = found.get(key);
  if (known !== undefined && existsSync(known.program)) return known;
  for (const folder of searchPath()) {
    const { status, stdout } = spawnSync(join(folder, 'python3'), ['-I', '-c', ASK, distribution], {
      encoding: 'utf8',
      timeout: VERSION_MS,
    });
    const [program, version] = status === 0 ? stdout.split('\n') : [];
    if (program === undefined || version === undefined) continue;
    found.set(key, { program, version });
    return { program, version };
  }
  return null;
}

/** For servers in Python: what they say is in the log at once, and nothing is written beside their sources. */
export const PYTHON_ENVIRONMENT = {
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  // mallopt(3): set, it no longer grows with what was allocated, and a large buffer goes back to the system when it is freed.
  MALLOC_MMAP_THRESHOLD_: '131072',
};

/**
 * How to start `server.py` beside a target's index. Its arguments are the port and the addresses.
 * @param moduleUrl the index's `import.meta.url`
 */
export function planPython(
  moduleUrl: string,
  { addresses, ports }: StartContext,
  { program }: Installed,
): StartPlan {
  const server = fileURLToPath(new URL('./server.py', moduleUrl));
  return { command: [program, server, String(ports['main']), ...addresses], env: PYTHON_ENVIRONMENT };
}
