import type { Endpoint } from '#tcp';
import type { SocketRow } from './contract.ts';
import { socketEnds } from './socket-ends.ts';
import { readCount, readLines, readPort, readState, unreadable } from './unreadable.ts';

const ROW = /^(\S+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(.*)$/s;

/**
 * Reads what `ss -tan` prints, with or without its header, processes (-p) and timers (-o). `*` is the address of a listener
 * for both families (until about iproute2 4.14: of one for IPv4). @throws CW_OBSERVER
 */
export function parseSs(text: string): SocketRow[] {
  return readLines('ss', text, (line) => (line.startsWith('State ') ? undefined : readRow(line.trimEnd())));
}

function readRow(line: string): SocketRow {
  const [, state, recvQueue, sendQueue, local, remote, rest] = ROW.exec(line) ?? [];
  if (rest === undefined) throw unreadable('not state, two queues and two ends');
  const pids = readPids(rest);
  const timer = readTimer(rest);
  return {
    ...socketEnds(readEnd(local!), readEnd(remote!)),
    state: readState(state!),
    recvQueue: readCount(recvQueue!),
    sendQueue: readCount(sendQueue!),
    ...(pids.length === 0 ? {} : { pids }),
    ...(timer === undefined ? {} : { timer }),
    line,
  };
}

/** `198.18.0.1:80`, `[::1]:80`, `*:80`, `0.0.0.0:*`, `[fe80::1]%eth0:80`, `127.0.0.53%lo:80` */
function readEnd(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon).replace('[', '').replace(']', '');
  return { address: address === '*' ? '::' : address, port: readPort(text.slice(colon + 1)) };
}

/** `users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))`; before iproute2 3.18 without the words pid and fd. */
function readPids(rest: string): number[] {
  const users = rest.indexOf('users:((');
  if (users < 0) return [];
  const owners = rest.slice(users).matchAll(/",(?:pid=)?(\d{1,10}),(?:fd=)?\d+\)/g);
  return [...new Set(Array.from(owners, ([, pid]) => Number(pid)))];
}

/** `timer:(timewait,59sec,0)`: the last, since a process may be called so. */
function readTimer(rest: string): string | undefined {
  const start = rest.lastIndexOf('timer:(');
  const end = rest.indexOf(')', start);
  return start < 0 || end < 0 ? undefined : rest.slice(start + 'timer:('.length, end);
}
