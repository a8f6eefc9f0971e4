import type { Endpoint } from '#tcp';
import type { SocketRow } from './contract.ts';
import { socketEnds } from './socket-ends.ts';
import { readCount, readPort, readState, unreadable } from './unreadable.ts';

/**
 * A reader of the rows under one header of macOS's or FreeBSD's netstat. Columns up to the state are the same everywhere;
 * where macOS puts the process differs from version to version, so it is found by the header.
 */
export function bsdRows(header: string): (line: string) => SocketRow {
  const columns = header.slice(header.indexOf('(state)')).split(/\s+/).slice(1);
  const pidColumn = columns.indexOf('pid');
  const processColumn = columns.indexOf('process:pid');
  const readPid = (rest: readonly string[]): number => {
    if (pidColumn >= 0) return readCount(rest[pidColumn] ?? '');
    // A process's name may hold blanks, so that its pid is some columns further on.
    if (processColumn >= 0) return pidAfterColon(rest.slice(processColumn));
    return 0;
  };
  return (line) => readRow(line, readPid);
}

function readRow(line: string, readPid: (rest: readonly string[]) => number): SocketRow {
  const [proto = '', recvQueue = '', sendQueue = '', local = '', remote = '', stateName = '', ...rest] = line
    .trim()
    .split(/\s+/);
  if (!/^tcp(4|6|46)$/.test(proto)) throw unreadable('not tcp');
  const any = proto === 'tcp4' ? '0.0.0.0' : '::';
  const state = readState(stateName);
  const pid = readPid(rest);
  return {
    ...socketEnds(readEnd(local, any), readEnd(remote, any)),
    state,
    // A listener's queues are printed by -L alone: here they are 0.
    ...(state === 'LISTEN' ? {} : { recvQueue: readCount(recvQueue), sendQueue: readCount(sendQueue) }),
    ...(pid === 0 ? {} : { pids: [pid] }),
    line: line.trimEnd(),
  };
}

/** `127.0.0.1.80`, `2001:db8::1.80`, `fe80::1%lo0.80`, `*.80`, `*.*` */
function readEnd(text: string, any: string): Endpoint {
  const dot = text.lastIndexOf('.');
  const address = text.slice(0, dot);
  return { address: address === '*' ? any : address, port: readPort(text.slice(dot + 1)) };
}

function pidAfterColon(fields: readonly string[]): number {
  const field = fields.find((word) => /:\d{1,10}$/.test(word));
  if (field === undefined) throw unreadable('no pid after a process');
  return Number(field.slice(field.lastIndexOf(':') + 1));
}
