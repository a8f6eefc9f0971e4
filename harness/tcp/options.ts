/** A TCP option that closewait knows the meaning of, or the bytes of one that it does not (RFC 9293 §3.2). */
export type TcpOption =
  | { readonly kind: 'mss'; readonly bytes: number }
  /** RFC 7323 §2.2; `shift` 0 to 14 has meaning, the wire carries 0 to 255. */
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  /** RFC 2018 §3: edges of the blocks held, as raw sequence numbers. */
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [left: number, right: number])[] }
  /** RFC 7323 §3.2. */
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'unknown'; readonly code: number; readonly data: Uint8Array };
