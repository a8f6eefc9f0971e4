import { TOXIC_TYPES, type Attribute } from '#proxy';

/** What each kind of toxic does; a test keeps the names those of TOXIC_TYPES. */
export const WHAT_TOXICS_DO: Readonly<Record<string, string>> = {
  latency: 'Passes each event on `latency` ± `jitter` after it came, in order. A FIN is delayed as data are.',
  bandwidth: 'Passes no more than `rate`, where 1 KB is 1000 bytes. With 0 nothing passes.',
  slow_close: 'Passes data; the end waits for `delay`.',
  timeout:
    'A black hole: drops all data, keeps FIN and RST, and closes the connection after `timeout`; with 0 never.',
  reset_peer: 'Both peers get a RST after `timeout`, whether data flow or not; until then nothing passes.',
  slicer: 'Passes data in writes of `average_size` ± `size_variation`, with `delay` after each.',
  limit_data: 'Passes exactly `bytes`, and closes the connection behind the last.',
  noop: 'Passes everything on.',
  packet_loss:
    'Drops whole chunks as they were read, with probability `loss_rate`, and `correlation` more behind one that was dropped: the stream has holes.',
  half_close:
    'A FIN in its direction behind `bytes`, or after `timeout`, whichever is first; 0 leaves one out, 0 for both is at once. The other direction stays open.',
  reset: 'Both peers get a RST: when the connection is accepted, behind `bytes`, or in the place of the FIN.',
  hold_fin: 'Passes data; the FIN waits for `timeout`, or with 0 until the toxic is removed.',
  refuse: 'New connections get a RST at once; the upstream is not dialled.',
  hang_connect:
    'The upstream of a new connection is dialled after `timeout`, or with 0 when the toxic is removed; the client’s connection is open meanwhile, and unanswered.',
  corrupt: 'Changes each byte with this `probability` to another; the seed decides which.',
  close_after: 'Closes the connection after `timeout`; until then everything passes.',
  first_n:
    'The other toxics of the proxy, in both directions, act on the first `connections` connections only, counted from when it was added.',
};

/** The table of the page. */
export function toxicsTable(): string {
  const rows = Object.entries(TOXIC_TYPES).map(([name, { attributes, extension }]) => {
    const given = Object.entries(attributes).map(([attribute, kind]) => `\`${attribute}\` ${rangeOf(kind)}`);
    return `| \`${name}\` | ${extension ? '' : '✓'} | ${WHAT_TOXICS_DO[name] ?? ''} | ${given.join('<br>')} |`;
  });
  return [
    '| toxic | in Toxiproxy 2.12 | what it does | attributes |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function rangeOf(attribute: Attribute): string {
  if (attribute.kind === 'string') return attribute.choices.map((choice) => `\`"${choice}"\``).join(', ');
  const { kind, min, max, unit } = attribute;
  return kind === 'float' ? `${min} to ${max}` : unit;
}
