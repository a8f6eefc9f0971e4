/** Looked for in this order, in the folder where closewait is called. */
export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `closewait.config.${ending}`);

export const CONFIG_FLAG = {
  type: 'string',
  value: 'FILE',
  help: 'servers of your own (default: closewait.config.{ts,mts,js,mjs,json}, if here)',
} as const;
