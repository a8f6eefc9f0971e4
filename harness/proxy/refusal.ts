import { CloseWaitError, messageOf } from '#core';

/** A request that is not granted: the status and the message that its sender gets. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.status = status;
  }
}

/** Toxiproxy's messages; clients compare them. */
export const PROXY_NOT_FOUND = 'proxy not found';
export const TOXIC_NOT_FOUND = 'toxic not found';
export const PROXY_EXISTS = 'proxy already exists';
export const TOXIC_EXISTS = 'toxic already exists';
export const INVALID_STREAM = 'stream was invalid, can be either upstream or downstream';
export const INVALID_TYPE = 'invalid toxic type';

export function badBody(why: string): Refusal {
  return new Refusal(400, `bad request body: ${why}`);
}

/** A value that cannot be. */
export function bad(what: string, why: string): Refusal {
  return new Refusal(400, `${what}: ${why}`);
}

export function missingField(field: string, place: string): Refusal {
  return new Refusal(400, `missing required field: ${field}${place}`);
}

/** How Go tells of what the kernel answered to bind(). */
const BIND_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
};

/** What the sender of a request is told of an error of the data plane. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof CloseWaitError)) return new Refusal(500, messageOf(error), error);
  switch (error.code) {
    case 'CW_PROXY_EXISTS':
      return new Refusal(409, TOXIC_EXISTS, error);
    case 'CW_PROXY_UNKNOWN':
      return new Refusal(404, TOXIC_NOT_FOUND, error);
    case 'CW_PROXY_TOXIC':
      return new Refusal(400, error.message, error);
    case 'CW_PROXY_LISTEN':
      return new Refusal(500, listenMessage(error), error);
    default:
      return new Refusal(500, error.message, error);
  }
}

function listenMessage({ cause, message }: CloseWaitError): string {
  const {
    code = '',
    address,
    port,
  } = (cause ?? {}) as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  const why = BIND_ERRORS[code];
  if (why === undefined || address === undefined || port === undefined) return message;
  const host = address.includes(':') ? `[${address}]` : address;
  return `listen tcp ${host}:${port}: bind: ${why}`;
}
