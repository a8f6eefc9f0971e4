/** Which Internet Protocol: 4 or 6. */
export type Family = 4 | 6;

/** One end of a connection. `address` is written the way the kernel writes it: `198.18.0.1`, `2001:db8::1`. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The two ends of a connection, as the socket that is looked at sees them. */
export interface Tuple {
  readonly family: Family;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** `198.18.0.1:80`, `[2001:db8::1]:80`: the way ss and URLs write it. */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
