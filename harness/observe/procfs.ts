import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { CloseWaitError, messageOf } from '#core';
import type { Availability, Observer } from './contract.ts';
import { rowFilter } from './filter.ts';
import { parseProcfs } from './parse-procfs.ts';

/** The thread's own entry: it shows the namespace that the thread is in. */
const TABLES = ['/proc/thread-self/net/tcp', '/proc/thread-self/net/tcp6'] as const;

/** The kernel's text tables, without a process: works wherever /proc is, and is slow with many sockets. */
export const procfs: Observer = {
  name: 'procfs',
  available: (): Availability =>
    existsSync(TABLES[0])
      ? { ok: true, version: `Linux ${release()}` }
      : { ok: false, reason: `there is no ${TABLES[0]}`, remedy: 'run on Linux, with /proc mounted' },
  list: async (namespace, filter = {}) => {
    const texts = namespace.run(() => TABLES.map(readTable));
    return texts.flatMap((text) => parseProcfs(text)).filter(rowFilter(filter));
  },
};

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    // A kernel without IPv6 has no such table, and so no such socket.
    if (path.endsWith('6') && (cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new CloseWaitError('CW_OBSERVER', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
