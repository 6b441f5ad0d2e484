import { BRANCH_PATTERN, branchPatternsMeet } from './branch-pattern.ts';
import { atKey, atValue, type Finding, shown, subjectOf } from './finding.ts';
import type { Outline } from './outline.ts';

/** Environments that get in each other's way. */
export function environmentFindings(outline: Outline): readonly Finding[] {
  return [...ambiguousBranches(outline), ...sharedServices(outline)];
}

function ambiguousBranches({ environments }: Outline): readonly Finding[] {
  return ['branches', 'tags'].flatMap((key) => {
    const patterns = environments.flatMap((environment) =>
      environment
        .texts(key)
        .filter(({ text }) => BRANCH_PATTERN.test(text))
        .map((pattern) => ({ environment: environment.name, ...pattern })),
    );
    return patterns.flatMap((pattern, index) => {
      const earlier = patterns
        .slice(0, index)
        .find(({ environment, text }) =>
          environment === pattern.environment
            ? text === pattern.text
            : branchPatternsMeet(text, pattern.text),
        );
      if (earlier === undefined) return [];
      return [
        atValue(
          pattern.path,
          `environment ${shown(pattern.environment)}: ${shown(pattern.text)} meets ${shown(earlier.text)} of environment ${shown(earlier.environment)}; a branch or tag may map to one environment once`,
        ),
      ];
    });
  });
}

/** Two environments that would deliver to the very same services. */
function sharedServices(outline: Outline): readonly Finding[] {
  const targets = new Map<string, string>();
  return outline.environments.flatMap((environment) => {
    const project = environment.text('project') ?? outline.project;
    const region = environment.text('region') ?? outline.region;
    if (project === undefined || region === undefined) return [];
    const target = JSON.stringify([project, region, environment.text('suffix') ?? '']);
    const earlier = targets.get(target);
    targets.set(target, earlier ?? environment.name);
    if (earlier === undefined) return [];
    return [
      atKey(
        environment.path,
        `${subjectOf(environment.path)} delivers to the same services as environment ${shown(earlier)}, in project ${shown(project)} and region ${shown(region)}; give one of them a suffix or a project of its own`,
      ),
    ];
  });
}
