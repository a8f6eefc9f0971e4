import type { Namespace } from '#sys';
import type { Endpoint } from '#tcp';

/** A tool that people know, whose lines are the evidence of a verdict. */
export interface Witness {
  /** `ss` */
  readonly name: string;
  /** Its lines for one connection, verbatim; for every socket on the local port when `remote` is null. */
  lines(namespace: Namespace, local: Endpoint, remote: Endpoint | null): Promise<string[]>;
}
