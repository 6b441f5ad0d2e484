import type { Unit } from '@fairlead/manifest';

/** The wave of each changed unit: after all changed units that it needs, and a gateway after all that need no gateway. */
export function wavesOf(units: readonly Unit[], changed: ReadonlySet<string>): ReadonlyMap<string, number> {
  const involved = units.filter(({ name }) => changed.has(name));
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const behindGateway = new Map<Unit, boolean>();
  const needed = ({ needs }: Unit) => needs.flatMap((name) => byName.get(name) ?? []);
  const isBehindGateway = (unit: Unit): boolean => {
    const known = behindGateway.get(unit);
    if (known !== undefined) return known;
    const answer = needed(unit).some((other) => other.kind === 'gateway' || isBehindGateway(other));
    behindGateway.set(unit, answer);
    return answer;
  };
  const served = involved.filter((unit) => unit.kind !== 'gateway' && !isBehindGateway(unit));
  const waves = new Map<Unit, number>();
  const waveOf = (unit: Unit): number => {
    const known = waves.get(unit);
    if (known !== undefined) return known;
    const before = unit.kind === 'gateway' ? [...needed(unit), ...served] : needed(unit);
    // A unit that did not change takes no wave of its own, but keeps what it needs before what needs it.
    const last = Math.max(
      -1,
      ...before.map((other) => (changed.has(other.name) ? waveOf(other) : waveOf(other) - 1)),
    );
    waves.set(unit, last + 1);
    return last + 1;
  };
  return new Map(involved.map((unit) => [unit.name, waveOf(unit)]));
}
