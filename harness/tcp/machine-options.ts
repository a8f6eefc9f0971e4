/**
 * What a stack has chosen where RFCs leave a choice of whole mechanisms. A stack whose choices are not known is allowed the
 * outcomes of every set of options.
 */
export interface MachineOptions {
  /** RFC 5961 §3.2: a RST counts at RCV.NXT alone; elsewhere in the window it draws a challenge ACK. Off: RFC 793. */
  readonly rfc5961Reset: boolean;
  /** RFC 5961 §4.2: a SYN on a synchronized connection draws a challenge ACK. Off, RFC 793: in the window it resets. */
  readonly rfc5961Syn: boolean;
  /** RFC 5961 §5.2: an ACK older than SND.UNA - MAX.SND.WND draws a challenge ACK. Off: the segment is used. */
  readonly rfc5961Ack: boolean;
  /** RFC 1122 §4.2.2.13, RFC 9293 §3.6.1 (MAY-1, SHLD-3): after `close` nobody reads; text not read draws a RST. */
  readonly rfc1122HalfDuplexClose: boolean;
  /** RFC 1122 §4.2.2.13, RFC 9293 §3.6.1 (MAY-2): a SYN with a greater number reopens from TIME_WAIT. */
  readonly rfc1122Reopen: boolean;
  /** RFC 6191 §2: timestamps are in use, and decide whether a SYN reopens from TIME_WAIT. */
  readonly rfc6191: boolean;
  /** RFC 1337 §3 (F1): a RST does not end TIME_WAIT. */
  readonly rfc1337: boolean;
}

/** What RFC 9293 recommends; RFC 1337 it leaves out. Timestamps are off, as on a connection where nobody offered them. */
export const MACHINE_DEFAULTS: MachineOptions = {
  rfc5961Reset: true,
  rfc5961Syn: true,
  rfc5961Ack: true,
  rfc1122HalfDuplexClose: true,
  rfc1122Reopen: true,
  rfc6191: false,
  rfc1337: false,
};
