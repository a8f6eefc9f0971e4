import { endianness } from 'node:os';
import { formatAddress, type Endpoint } from '#tcp';
import type { SocketRow } from './contract.ts';
import { kernelState } from './kernel-states.ts';
import { socketEnds } from './socket-ends.ts';
import { readCount, readLines, unreadable } from './unreadable.ts';

export interface ProcfsFormat {
  /** The byte order of the kernel that printed it: addresses are 32-bit words as numbers. Default: this machine's. */
  readonly littleEndian?: boolean;
}

/** Reads /proc/net/tcp or /proc/net/tcp6 (Linux, Documentation/networking/proc_net_tcp.rst). @throws CW_OBSERVER */
export function parseProcfs(
  text: string,
  { littleEndian = endianness() === 'LE' }: ProcfsFormat = {},
): SocketRow[] {
  return readLines('/proc/net/tcp', text, (line) =>
    /^\s*sl\s/.test(line) ? undefined : readRow(line, littleEndian),
  );
}

const QUEUES = /^([\dA-F]{8,16}):([\dA-F]{8,16})$/;
const TIMER = /^([\dA-F]{2}):[\dA-F]{8,16}$/;

function readRow(line: string, littleEndian: boolean): SocketRow {
  const [slot = '', local = '', remote = '', code = '', queues = '', timer = '', , , , inode = ''] = line
    .trim()
    .split(/\s+/);
  const [, sent, received] = QUEUES.exec(queues) ?? [];
  if (!/^\d+:$/.test(slot) || received === undefined || !TIMER.test(timer) || !/^[\dA-F]{2}$/.test(code)) {
    throw unreadable('not slot, two ends, state, queues and timer');
  }
  const state = kernelState(Number.parseInt(code, 16));
  if (state === undefined) throw unreadable('no TCP state');
  return {
    ...socketEnds(readEnd(local, littleEndian), readEnd(remote, littleEndian)),
    state,
    recvQueue: Number.parseInt(received, 16),
    // A listener's backlog is not in this table: it has 0 there.
    ...(state === 'LISTEN' ? {} : { sendQueue: Number.parseInt(sent!, 16) }),
    inode: readCount(inode),
    ...(timer.startsWith('00:') ? {} : { timer }),
    line: line.trimEnd(),
  };
}

const END = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})$/;

/** `0100007F:1F90` is 127.0.0.1 port 8080 where numbers are little-endian. */
function readEnd(text: string, littleEndian: boolean): Endpoint {
  const [, address, port] = END.exec(text) ?? [];
  if (address === undefined || port === undefined) throw unreadable('no address and port');
  const bytes = Buffer.from(address, 'hex');
  return {
    address: formatAddress(littleEndian ? bytes.swap32() : bytes),
    port: Number.parseInt(port, 16),
  };
}
