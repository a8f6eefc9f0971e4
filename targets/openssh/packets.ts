import type { Reply } from '#target';

/** SSH's binary packet protocol before keys are exchanged (RFC 4253 section 6): neither encrypted nor authenticated. */

/** A message that says nothing and has no answer, and the answer to one that is not known (RFC 4253 section 11). */
const IGNORE = 2;
const UNIMPLEMENTED = 3;

/** A number that no message has, of those of the transport (RFC 4250 section 4.1.2). */
const UNKNOWN = 19;

/** What every connection begins with, on both sides. */
export const VERSION = 'SSH-2.0-closewait\r\n';

/**
 * The server's whole offer of algorithms, one packet: SSH_MSG_KEXINIT. Its version comes before that, and may have come before
 * a client has said anything.
 */
export const offer: Reply = {
  test: (received) => {
    const bytes = Buffer.from(received.replace(/^SSH-2\.0-.*\r\n/, ''), 'latin1');
    return bytes.length > 4 && bytes.length === 4 + bytes.readUInt32BE();
  },
  toString: () => 'SSH_MSG_KEXINIT',
};

export function ignore(bytes: number): string {
  return packet(IGNORE, sized('x'.repeat(bytes)));
}

/** A message that nobody knows. */
export const unknown = packet(UNKNOWN, '');

/** @param number of the message that was not known: how many packets came before it */
export function unimplemented(number: number): string {
  return packet(UNIMPLEMENTED, uint32(number));
}

/** Padded to a multiple of 8 bytes, with 4 at the least. */
function packet(type: number, body: string): string {
  const padding = 4 + ((8 - ((4 + 1 + 1 + body.length + 4) % 8)) % 8);
  return sized(`${String.fromCharCode(padding, type)}${body}${'\0'.repeat(padding)}`);
}

/** What comes after its length. */
function sized(body: string): string {
  return `${uint32(body.length)}${body}`;
}

function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('latin1');
}
