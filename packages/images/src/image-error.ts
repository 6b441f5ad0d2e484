export type ImageErrorCode = 'reference-invalid' | 'tag-invalid' | 'source-invalid';

/** A name that no image can have. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
