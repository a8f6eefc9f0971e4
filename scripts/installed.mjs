import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The fields of a package-lock.json entry that say what is installed, and where it can be.
 * @typedef {{ version?: string, integrity?: string, os?: string[], cpu?: string[], libc?: string[] }} LockEntry
 */

/**
 * Whether `root`/node_modules holds what package-lock.json asks for on this platform: npm records what it installed in
 * node_modules/.package-lock.json. Extra packages (npm link, --no-save) do not matter.
 * @param {string} root
 */
export function isInstalled(root) {
  const installed = lockEntries(join(root, 'node_modules/.package-lock.json'));
  if (!installed) return false;
  return Object.entries(lockEntries(join(root, 'package-lock.json')) ?? {}).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return !isForThisPlatform(wanted);
    return (
      found.version === wanted.version &&
      found.integrity === wanted.integrity &&
      existsSync(join(root, path, 'package.json'))
    );
  });
}

/**
 * @param {string} file
 * @returns {Record<string, LockEntry> | undefined} undefined when there is no such file
 */
function lockEntries(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** @param {LockEntry} entry */
function isForThisPlatform({ os, cpu, libc }) {
  return allows(os, process.platform) && allows(cpu, process.arch) && (!libc || allows(libc, libcFamily()));
}

/**
 * @param {string[] | undefined} list names, or names refused with a leading `!`
 * @param {string} name
 */
function allows(list, name) {
  if (!list?.length || list.includes('any')) return true;
  if (list.includes(`!${name}`)) return false;
  return list.includes(name) || list.every((item) => item.startsWith('!'));
}

function libcFamily() {
  if (process.platform !== 'linux') return '';
  // A full report resolves the addresses of open sockets: slow without a name server.
  Object.assign(process.report, { excludeNetwork: true });
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime ? 'glibc' : 'musl';
}
