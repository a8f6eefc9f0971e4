import type { FaultEvent, SegmentEvent, TraceEvent } from '#trace';

/** What the server's application did, as far as its packets and our sockets tell: bytes, the end of its stream, a reset. */
export function applicationOf(events: readonly TraceEvent[]): string[] {
  const deeds: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (bytes > 0) deeds.push(`sent ${bytes} bytes`);
    bytes = 0;
  };
  for (const event of events) {
    if (event.kind === 'application') {
      flush();
      deeds.push(`${event.side}: ${event.text}`);
    }
    if (event.kind === 'folded') bytes += event.server.bytes;
    if (!isSent(event) || event.from !== 'server' || event.retransmission) continue;
    bytes += event.length;
    if (event.flags.includes('F')) {
      flush();
      deeds.push('ended its stream (FIN)');
    }
    if (event.flags.includes('R')) {
      flush();
      deeds.push('reset the connection (RST)');
    }
  }
  flush();
  return deeds;
}

/** What was lost on the way was sent all the same, and comes again as a retransmission. */
function isSent(event: TraceEvent): event is SegmentEvent | FaultEvent {
  return event.kind === 'segment' || (event.kind === 'fault' && event.act === 'drop');
}
