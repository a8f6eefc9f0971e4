import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Puts a colour or weight on text, or leaves it alone. Meaning never rests on it: marks differ too. */
export type Style = (format: Format, text: string) => string;

export const plain: Style = (_format, text) => text;

/** Whether the stream takes colours was decided by the caller, once. */
export const coloured: Style = (format, text) => styleText(format, text, { validateStream: false });
