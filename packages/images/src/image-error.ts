export type ImageErrorCode =
  'argument-missing' | 'reference-invalid' | 'tag-invalid' | 'source-invalid' | 'builder-missing';

/** What no image can be called, and no image can be built with. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
