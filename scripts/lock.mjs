import { constants, copyFileSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while holding `file`, which names the process that holds it; a lock whose process has died is taken over.
 * @template T
 * @param {string} file
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  for (let waited = 0; !take(file); waited++) {
    if (waited === 5) console.error(`Waiting for the process that holds ${file} ...`);
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    unlinkSync(file);
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  dropIfDead(file);
  return false;
}

/** @param {string} file */
function dropIfDead(file) {
  const holder = readPid(file);
  if (holder === undefined || isAlive(holder)) return;
  // Another waiter may have seen the same dead holder, and taken the lock since: then it is given back.
  const moved = `${file}.${process.pid}`;
  try {
    renameSync(file, moved);
    if (readPid(moved) !== holder) copyFileSync(moved, file, constants.COPYFILE_EXCL);
    unlinkSync(moved);
  } catch {
    // another waiter moved it first
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} undefined when it is gone, or not yet written
 */
function readPid(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
