import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** The letter of ps: R, S, D, T stopped, Z dead and not yet reaped. */
  readonly state: string;
}

/** All processes, from /proc, or from `ps` where there is none (macOS). */
export function listProcesses(): ProcessEntry[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => (/^\d/.test(name) ? (readProcess(Number(name)) ?? []) : []));
}

/** One process (Linux); null: it is gone. */
function readProcess(pid: number): ProcessEntry | null {
  const fields = readStat(`/proc/${pid}/stat`);
  if (fields === null) return null;
  const [state = '', parent, group] = fields;
  return { pid, parent: Number(parent), group: Number(group), state };
}

/** Whether every thread of a process has stopped (Linux); true for one that is gone. */
export function hasStopped(pid: number): boolean {
  return threadStates(pid).every((state) => 'tTZX'.includes(state));
}

/** Whether no thread of a process is stopped (Linux); true for one that is gone. */
export function goesOn(pid: number): boolean {
  return threadStates(pid).every((state) => state !== 'T');
}

/** The letters of ps for each thread of a process (Linux); none for one that is gone. */
export function threadStates(pid: number): string[] {
  const folder = `/proc/${pid}/task`;
  return readFolder(folder).flatMap((task) => readStat(`${folder}/${task}/stat`)?.[0] ?? []);
}

/** The names in a folder of /proc; none when the process is gone or another user's. */
export function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** The fields of proc_pid_stat(5) from the third on: the second, the name, may hold blanks and parentheses. */
function readStat(path: string): string[] | null {
  const text = readText(path);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A file of /proc; null when the process is gone or another user's. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

/** POSIX's ps: also what Linux has when /proc is in doubt. */
export function fromPs(): ProcessEntry[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'latin1' });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [pid, parent, group, state = ''] = line.trim().split(/\s+/);
    return state === ''
      ? []
      : [{ pid: Number(pid), parent: Number(parent), group: Number(group), state: state.charAt(0) }];
  });
}

/** Living processes of a group, and their living descendants whatever group those are in. */
export function familyOfGroup(group: number, table: readonly ProcessEntry[]): number[] {
  const members = new Set<number>();
  const add = (pid: number): void => {
    if (members.has(pid)) return;
    members.add(pid);
    for (const child of table) if (child.parent === pid) add(child.pid);
  };
  for (const entry of table) if (entry.group === group) add(entry.pid);
  const dead = new Set(table.filter(({ state }) => state === 'Z' || state === 'X').map(({ pid }) => pid));
  return [...members].filter((pid) => !dead.has(pid));
}

/**
 * A process and its living descendants by the kernel's own lists of children (Linux, CONFIG_PROC_CHILDREN): much quicker
 * than the whole table on a machine with many processes. null: not to be had so, or the process is gone.
 */
export function descendants(pid: number): number[] | null {
  const own = readProcess(pid);
  if (own === null || own.state === 'Z') return null;
  const found = [pid];
  for (const task of readFolder(`/proc/${pid}/task`)) {
    const children = readText(`/proc/${pid}/task/${task}/children`);
    // A thread that has just ended has no list; a kernel without lists has none for the first thread either.
    if (children === null && task === String(pid)) return null;
    for (const child of children?.match(/\d+/g) ?? []) found.push(...(descendants(Number(child)) ?? []));
  }
  return found;
}

/** Processes in whose environment a line stands, as it was when they were started (Linux): daemons that left their group. */
export function withEnvironment(line: string, table: readonly ProcessEntry[]): number[] {
  if (process.platform !== 'linux') return [];
  return table.flatMap(({ pid, state }) => {
    const environment = state === 'Z' ? null : readText(`/proc/${pid}/environ`);
    return environment?.split('\0').includes(line) === true ? [pid] : [];
  });
}
