import { literals, membersOf, type Template } from './template.ts';

/** What happened, as the filters of `on` look at it. */
export interface Trigger {
  readonly name: string;
  /** `opened`, `synchronize`, …; undefined for events that have no kinds. */
  readonly action: string | undefined;
  readonly ref: string;
  /** The branch that a pull request goes to. */
  readonly base: string | undefined;
  readonly changedPaths: readonly string[];
}

const PULL_REQUEST_TYPES = ['opened', 'synchronize', 'reopened'];

/** Whether a workflow's `on` asks for what happened. */
export function isTriggered(on: Template | undefined, trigger: Trigger): boolean {
  if (on?.kind !== 'map') return literals(on).includes(trigger.name) && hasType([], trigger);
  if (!(trigger.name in membersOf(on))) return false;
  const filter = membersOf(membersOf(on)[trigger.name]);
  return (
    hasType(literals(filter['types']), trigger) &&
    hasRef(filter, trigger) &&
    hasPath(filter, trigger.changedPaths)
  );
}

type Filter = Readonly<Record<string, Template>>;

function hasType(types: readonly string[], { name, action }: Trigger): boolean {
  const wanted = types.length === 0 && name.startsWith('pull_request') ? PULL_REQUEST_TYPES : types;
  return wanted.length === 0 || action === undefined || wanted.includes(action);
}

// With filters for branches alone, tags do not trigger, and the other way round.
function hasRef(filter: Filter, { ref, base }: Trigger): boolean {
  const isTag = ref.startsWith('refs/tags/');
  const name = base ?? ref.replace(/^refs\/(heads|tags)\//, '');
  const [own, other] = isTag ? ['tags', 'branches'] : ['branches', 'tags'];
  const hasOwn = own in filter || `${own}-ignore` in filter;
  const hasOther = other in filter || `${other}-ignore` in filter;
  if (!hasOwn) return !hasOther;
  return isSelected(literals(filter[own]), name) && !matchesAny(literals(filter[`${own}-ignore`]), name);
}

function hasPath(filter: Filter, paths: readonly string[]): boolean {
  const ignored = literals(filter['paths-ignore']);
  if ('paths' in filter) return paths.some((path) => isSelected(literals(filter['paths']), path));
  return ignored.length === 0 || paths.some((path) => !matchesAny(ignored, path));
}

// The last pattern that matches decides; `!` takes away.
function isSelected(patterns: readonly string[], name: string): boolean {
  if (patterns.length === 0) return true;
  const last = patterns.findLast((pattern) => matches(pattern.replace(/^!/, ''), name));
  return last !== undefined && !last.startsWith('!');
}

function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matches(pattern, name));
}

// GitHub's patterns: `*` stays within a folder, `**` does not, `?` and `+` count what stands before them.
function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\\.|[.^$(){}|/]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part.startsWith('\\') ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`).test(name);
}
