import { isRecord } from '../messages/index.ts';

/** For tests: what `terraform show -json` says of a plan, as far as tests look at it. */
export interface ShownPlan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: unknown;
      /** What will be known only then is not among them. */
      readonly after: unknown;
    };
  }[];
}

type Values = Readonly<Record<string, unknown>>;

/** For tests: the resources that a plan would make or take away. */
export function madeOrTaken({ resource_changes }: ShownPlan): readonly string[] {
  return resource_changes
    .filter(({ change }) => ['create', 'delete'].some((action) => change.actions.includes(action)))
    .map(({ address }) => address);
}

/** For tests: the names of the attributes that a plan would change, of any resource. Those of a block called metadata stand for themselves. */
export function changedAttributes({ resource_changes }: ShownPlan): readonly string[] {
  const names = resource_changes.flatMap(({ change: { actions, before, after } }) =>
    actions.includes('update') ? differing(valuesOf(before), valuesOf(after)) : [],
  );
  return [...new Set(names)].sort();
}

function differing(before: Values, after: Values): readonly string[] {
  return Object.keys(after).flatMap((name) => {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) return [];
    return name === 'metadata' ? differing(firstOf(before[name]), firstOf(after[name])) : [name];
  });
}

function firstOf(block: unknown): Values {
  return Array.isArray(block) ? valuesOf(block[0]) : {};
}

function valuesOf(value: unknown): Values {
  return isRecord(value) ? value : {};
}
