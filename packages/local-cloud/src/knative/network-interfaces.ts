import { commaList, jsonText } from './codecs.ts';
import { type Codec, listOf, messageOf } from './mapping.ts';

/** v1 writes the interfaces as JSON in an annotation, their tags as one text. */
export const networkInterfaces: Codec = {
  toV1: (value) =>
    jsonText.toV1(
      listOf(value).map((one) => {
        const { tags, ...rest } = messageOf(one);
        return tags === undefined ? rest : { ...rest, tags: commaList.toV1(tags) };
      }),
    ),
  toV2: (text) =>
    listOf(jsonText.toV2(text)).map((one) => {
      const { tags, ...rest } = messageOf(one);
      if (tags === undefined) return rest;
      return { ...rest, tags: Array.isArray(tags) ? tags : commaList.toV2(tags) };
    }),
};
