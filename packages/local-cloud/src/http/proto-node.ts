/** A namespace, message, enum or service of the published protos, as protobufjs writes them to JSON. */
export interface ProtoNode {
  readonly nested?: Readonly<Record<string, ProtoNode>>;
  readonly fields?: Readonly<Record<string, ProtoField>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly methods?: Readonly<Record<string, ProtoMethod>>;
}

export interface ProtoField {
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  readonly keyType?: string;
  readonly options?: { readonly proto3_optional?: boolean };
}

export interface ProtoMethod {
  readonly requestType: string;
  readonly responseType: string;
  readonly parsedOptions?: readonly Readonly<Record<string, unknown>>[];
}
