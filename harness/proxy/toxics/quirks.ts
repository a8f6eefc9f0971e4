/**
 * Where Toxiproxy 2.12 does other than a fault proxy should (docs/proxy.md): one switch each, and one place in the code.
 * `--strict` sets all of them.
 */
export interface Quirks {
  /** A FIN or RST of one side closes the other side's socket whole, and with it the way back. */
  readonly endClosesBoth: boolean;
  /** A client whose upstream refuses sees the end of the stream, not a RST. */
  readonly refusalIsFin: boolean;
  /** Connections of a proxy are dialled one after the other: one that hangs makes the later ones wait. */
  readonly serialDial: boolean;
  /** latency delays data only; an end passes as soon as the data before it have. */
  readonly latencySparesEnd: boolean;
  /** An update of latency hands on at once the chunk that waits. */
  readonly latencyUpdateReleases: boolean;
  /** reset_peer begins to wait at the first data or end: an idle connection is never reset. */
  readonly resetWaitsForData: boolean;
  /** reset_peer is a RST only on connections opened under it; on older ones it is a FIN. */
  readonly resetOnlyIfOpenedUnder: boolean;
  /** timeout counts from the last data instead of from the beginning, and lets an end pass at once. */
  readonly timeoutRestarts: boolean;
  /** Removing timeout closes connections that lost nothing, too, even those that it did not act on. */
  readonly timeoutRemovalCloses: boolean;
  /** slicer halves a chunk until the pieces are small enough: they are smaller than asked for. */
  readonly slicerHalves: boolean;
  /** Toxicity is drawn again when the toxic, or the one behind it, changes. */
  readonly toxicityRedrawn: boolean;
  /** An update whose new listener cannot be bound leaves the proxy disabled, with the new settings. */
  readonly failedUpdateDisables: boolean;
}

export const NO_QUIRKS: Quirks = quirks(false);
export const TOXIPROXY_QUIRKS: Quirks = quirks(true);

function quirks(all: boolean): Quirks {
  return {
    endClosesBoth: all,
    refusalIsFin: all,
    serialDial: all,
    latencySparesEnd: all,
    latencyUpdateReleases: all,
    resetWaitsForData: all,
    resetOnlyIfOpenedUnder: all,
    timeoutRestarts: all,
    timeoutRemovalCloses: all,
    slicerHalves: all,
    toxicityRedrawn: all,
    failedUpdateDisables: all,
  };
}
