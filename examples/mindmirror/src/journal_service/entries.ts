export interface Entry {
  readonly id: string;
  readonly text: string;
  readonly mood: number;
  readonly writtenOn: string;
  readonly authorId: string;
}

export const entries: readonly Entry[] = [
  { id: 'e1', text: 'Walked to work in the rain.', mood: 4, writtenOn: '2026-01-12', authorId: 'u1' },
  { id: 'e2', text: 'Slept badly, meditated anyway.', mood: 3, writtenOn: '2026-01-13', authorId: 'u1' },
  { id: 'e3', text: 'Debugged all day and found it.', mood: 5, writtenOn: '2026-01-13', authorId: 'u2' },
];
