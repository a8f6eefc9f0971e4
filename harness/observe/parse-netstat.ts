import type { Endpoint } from '#tcp';
import type { SocketRow } from './contract.ts';
import { bsdRows } from './parse-netstat-bsd.ts';
import { socketEnds } from './socket-ends.ts';
import { readCount, readLines, readPort, readState, unreadable } from './unreadable.ts';

/**
 * Reads what netstat prints for TCP: net-tools and busybox (`-tan`, with -p and -o or without), macOS (`-anv -p tcp`) and
 * FreeBSD (`-an -p tcp`), told apart by the header. @throws CW_OBSERVER
 */
export function parseNetstat(text: string): SocketRow[] {
  let readRow: ((line: string) => SocketRow) | undefined;
  return readLines('netstat', text, (line) => {
    if (line.startsWith('Active ')) return undefined;
    if (line.startsWith('Proto ')) {
      readRow = line.includes('(state)') ? bsdRows(line) : readLinuxRow;
      return undefined;
    }
    if (readRow === undefined) throw unreadable('no header above it');
    return readRow(line);
  });
}

function readLinuxRow(line: string): SocketRow {
  const [proto = '', recvQueue = '', sendQueue = '', local = '', remote = '', stateName = '', ...rest] = line
    .trim()
    .split(/\s+/);
  if (!/^tcp6?$/.test(proto)) throw unreadable('not tcp');
  const state = readState(stateName);
  const pid = /^(\d{1,10})\//.exec(rest[0] ?? '')?.[1];
  const timer = /^\(.*\)$/.test(rest.at(-1) ?? '') ? rest.slice(-2) : [];
  return {
    ...socketEnds(readEnd(local), readEnd(remote)),
    state,
    recvQueue: readCount(recvQueue),
    // A listener's backlog is not in /proc/net/tcp, which netstat reads: it prints 0.
    ...(state === 'LISTEN' ? {} : { sendQueue: readCount(sendQueue) }),
    ...(pid === undefined ? {} : { pids: [Number(pid)] }),
    ...(timer.length < 2 || timer[0] === 'off' ? {} : { timer: timer.join(' ') }),
    line: line.trimEnd(),
  };
}

/** `198.18.0.1:80`, `2001:db8::1:80`, `0.0.0.0:*`, `:::*` */
function readEnd(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon), port: readPort(text.slice(colon + 1)) };
}
