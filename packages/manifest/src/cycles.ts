type Needs = ReadonlyMap<string, readonly string[]>;

/** Circles in what needs what, each in the order of its arrows and told once; names that are no key are left out. */
export function cyclesOf(needs: Needs): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  let rest = entangled(needs);
  while (rest.size > 0) {
    const cycle = oneCycle(rest);
    cycles.push(cycle);
    rest = entangled(new Map([...rest].filter(([name]) => !cycle.includes(name))));
  }
  return cycles;
}

/** What is left when everything that needs nothing of the rest is taken away, again and again. */
function entangled(needs: Needs): Needs {
  let rest = needs;
  for (;;) {
    const kept = new Map(
      [...rest]
        .map(([name, names]) => [name, names.filter((needed) => rest.has(needed))] as const)
        .filter(([, names]) => names.length > 0),
    );
    if (kept.size === rest.size) return kept;
    rest = kept;
  }
}

/** Follows the first arrow from each name until one comes again; every name here has an arrow. */
function oneCycle(needs: Needs): readonly string[] {
  const walked: string[] = [];
  let here = needs.keys().next().value ?? '';
  while (!walked.includes(here)) {
    walked.push(here);
    here = needs.get(here)?.[0] ?? here;
  }
  return walked.slice(walked.indexOf(here));
}
