export {
  asArray,
  asBoolean,
  asFloat32,
  asInteger,
  asNumber,
  asObject,
  asString,
  fieldOf,
  sameKey,
} from './decode.ts';
export { JsonError, JsonNumber, JsonObject, parseFirst, type Json } from './parse.ts';
