/** google.iam.v1.Policy. */
export interface Policy {
  readonly version?: number;
  readonly bindings?: readonly Binding[];
  readonly auditConfigs?: readonly object[];
  readonly etag?: string;
}

export interface Binding {
  readonly role?: string;
  readonly members?: readonly string[];
  readonly condition?: object;
}
