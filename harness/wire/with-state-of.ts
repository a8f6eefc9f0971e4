import type { State } from '#tcp';

/** Fields with a state that is looked up when somebody asks for it: of thousands of peers nobody does. */
export function withStateOf<T extends object>(
  source: { state(): State },
  fields: T,
): T & { readonly state: State } {
  return {
    ...fields,
    get state() {
      return source.state();
    },
  };
}
