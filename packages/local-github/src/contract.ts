import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** GitHub's own description of its REST API, as a check of what we are asked and of what we answer. */
export interface Contract {
  /** Undefined when the API has no such method and path; otherwise what is wrong with the body, if anything. */
  readonly request: (method: string, path: string, body: unknown) => Judged | undefined;
  /** What is wrong with our answer, if anything. */
  readonly response: (
    method: string,
    path: string,
    answer: { readonly status: number; readonly body: unknown },
  ) => Judged;
}

export type Judged = { readonly kind: 'fits' } | { readonly kind: 'misfits'; readonly message: string };

interface Operation {
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: unknown } | undefined>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Content } | undefined>
  >;
}
type Content = Readonly<Record<string, { readonly schema?: unknown } | undefined>>;

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
  readonly components: {
    readonly responses?: Readonly<Record<string, { readonly content?: Content } | undefined>>;
  };
}

/** The description of api.github.com that @octokit/openapi ships, 13 MB: read once a process. */
export function loadContract(): Promise<Contract> {
  loaded ??= readContract();
  return loaded;
}

let loaded: Promise<Contract> | undefined;

async function readContract(): Promise<Contract> {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  return contractOf(JSON.parse(await readFile(file, 'utf8')) as Description);
}

function contractOf(description: Description): Contract {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  // GitHub answers "" for an address that was not given, whatever its description says.
  ajv.addFormat('uri', true);
  ajv.addSchema(nullable(description) as object, 'github');
  const matchers = Object.keys(description.paths).map((template) => ({
    template,
    pattern: patternOf(template),
  }));
  const compiled = new Map<string, ValidateFunction>();
  const schemaAt = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `github#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  const find = (method: string, path: string) => {
    const template = matchers.find(({ pattern }) => pattern.test(path))?.template;
    const operation =
      template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
    return template === undefined || operation === undefined ? undefined : { template, operation };
  };
  return {
    request: (method, path, body) => {
      const found = find(method, path);
      if (found === undefined) return undefined;
      if (found.operation.requestBody?.content?.['application/json']?.schema === undefined)
        return { kind: 'fits' };
      const pointer = `/paths/${escaped(found.template)}/${method.toLowerCase()}/requestBody/content/application~1json/schema`;
      return judged(schemaAt(pointer), body);
    },
    response: (method, path, { status, body }) => {
      const found = find(method, path);
      const response = found?.operation.responses[String(status)];
      if (found === undefined || response === undefined)
        return { kind: 'misfits', message: `${method} ${path} never answers ${status}` };
      if (response.$ref !== undefined || response.content?.['application/json']?.schema === undefined)
        return { kind: 'fits' };
      const pointer = `/paths/${escaped(found.template)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
      return judged(schemaAt(pointer), body);
    },
  };
}

function judged(validate: ValidateFunction, value: unknown): Judged {
  if (validate(value)) return { kind: 'fits' };
  const [first] = validate.errors ?? [];
  return {
    kind: 'misfits',
    message: `${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`.trim(),
  };
}

function patternOf(template: string): RegExp {
  const body = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${body}$`);
}

function escaped(template: string): string {
  return encodeURIComponent(template.replace(/~/g, '~0').replace(/\//g, '~1')).replace(/%7E/g, '~');
}

// OpenAPI 3.0 says `nullable: true` where JSON Schema lists "null" among the types.
function nullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(nullable);
  if (typeof node !== 'object' || node === null) return node;
  const mapped = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, nullable(value)]));
  return mapped['nullable'] === true
    ? { anyOf: [{ ...mapped, nullable: undefined }, { type: 'null' }] }
    : mapped;
}
