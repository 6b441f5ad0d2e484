import { placeOf } from '../control/names.ts';

/** The place itself, or those in which the project has resources of the given names when the location is `-`. */
export function placesOf(names: Iterable<string>, parent: string): readonly string[] {
  const { project, location } = placeOf(parent);
  if (location !== '-') return [parent];
  const places = [...names].map(placeOf).filter((place) => place.project === project);
  return [...new Set(places.map((place) => place.parent))].sort();
}
