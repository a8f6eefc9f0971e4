import { ACK, formatFlags, URG } from './flags.ts';
import type { TcpOption } from './options.ts';
import type { Segment } from './segment.ts';
import { type Seq, seq, seqDiff } from './seq.ts';

/** Initial sequence numbers: with them, numbers are written relative, as Wireshark does. */
export interface Origin {
  /** Of the side that sent the segment. */
  readonly iss?: Seq;
  /** Of the other side. */
  readonly irs?: Seq;
}

/**
 * One line: `SA seq 0 ack 1 win 65535 len 0 <mss 1460>`. `ack` and `urg` stand only with their flags, `none` where there is no
 * flag. A relative number before its origin is negative. `len` is of the payload.
 */
export function formatSegment(segment: Segment, { iss, irs }: Origin = {}): string {
  const parts = [formatFlags(segment.flags) || 'none', `seq ${relative(segment.seq, iss)}`];
  if ((segment.flags & ACK) !== 0) parts.push(`ack ${relative(segment.ack, irs)}`);
  parts.push(`win ${segment.window}`);
  if ((segment.flags & URG) !== 0) parts.push(`urg ${segment.urgent}`);
  parts.push(`len ${segment.payload.length}`);
  if (segment.options.length > 0) {
    parts.push(`<${segment.options.map((option) => formatOption(option, irs)).join(', ')}>`);
  }
  return parts.join(' ');
}

/** tcpdump's words. The edges of SACK blocks are the other side's numbers. */
function formatOption(option: TcpOption, irs: Seq | undefined): string {
  switch (option.kind) {
    case 'mss':
      return `mss ${option.bytes}`;
    case 'window-scale':
      return `wscale ${option.shift}`;
    case 'sack-permitted':
      return 'sackOK';
    case 'sack':
      return `sack ${option.blocks.map((edges) => edges.map((edge) => relative(edge, irs)).join(':')).join(' ')}`;
    case 'timestamps':
      return `TS val ${option.value} ecr ${option.echo}`;
    case 'unknown':
      return `option ${option.code} ${Buffer.from(option.data).toString('hex')}`.trimEnd();
  }
}

function relative(number: number, origin: Seq | undefined): number {
  return origin === undefined ? number : seqDiff(seq(number), origin);
}
