import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where what was compiled once is kept, from one run to the next. */
export function cacheFolder(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  // The XDG Base Directory Specification: a path that is relative is to be ignored.
  return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'closewait');
}
