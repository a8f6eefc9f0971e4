/** One thing that we do other than Toxiproxy. */
export interface Difference {
  /** What Toxiproxy 2.12.0 does. */
  readonly original: string;
  readonly ours: string;
  readonly why: string;
  /** `--strict` does not change it back. */
  readonly strictToo?: true;
}
