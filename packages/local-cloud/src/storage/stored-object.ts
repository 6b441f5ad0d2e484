export interface StoredObject {
  readonly bucket: string;
  readonly name: string;
  readonly content: Buffer;
  /** Microseconds of the write, as real generations are. */
  readonly generation: number;
  readonly metageneration: number;
  readonly createdMicros: number;
  readonly updatedMicros: number;
  readonly settings: ObjectSettings;
  /** When another version took its place, or none did; absent on the live one. */
  readonly deletedMicros?: number;
}

/** What a user may write about an object. */
export interface ObjectSettings {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  /** RFC 3339. */
  readonly customTime?: string;
  /** The bucket's, unless told. */
  readonly storageClass?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
