import {
  accessSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CloseWaitError, messageOf } from '#core';
import type { RunResult } from '#trace';
import { printableJson } from './printable.ts';

/**
 * Whether a result can be written to `file`: asked before a run, so that no run is lost to a misspelt folder.
 * @throws CW_REPORT_FILE
 */
export function checkJsonFile(file: string): void {
  try {
    const there = statOf(file);
    if (there?.isDirectory() === true) throw new Error('it is a folder');
    if (there === undefined || there.isFile()) {
      const folder = dirname(realFile(file));
      if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
      accessSync(folder, constants.W_OK);
    }
  } catch (error) {
    throw failure(file, error);
  }
}

/** Writes the result whole or not at all: to a file beside it, then renamed. @throws CW_REPORT_FILE */
export function writeJson(result: RunResult, file: string): void {
  const text = printableJson(result);
  let temporary: string | undefined;
  try {
    const there = statOf(file);
    // A pipe or device (`/dev/stdout`) is written to: a rename would replace it.
    if (there !== undefined && !there.isFile()) return writeFileSync(file, text);
    const real = realFile(file);
    temporary = join(dirname(real), `.${basename(real)}.${process.pid}.tmp`);
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, real);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw failure(file, error);
  }
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

/** Where a symbolic link leads, so that the rename replaces the file and not the link. */
function realFile(file: string): string {
  return statOf(file) === undefined ? file : realpathSync(file);
}

function failure(file: string, error: unknown): CloseWaitError {
  return new CloseWaitError('CW_REPORT_FILE', `cannot write the result to '${file}': ${messageOf(error)}`, {
    cause: error,
  });
}
