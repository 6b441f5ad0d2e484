/** How something stands: a word for people, and what kind of news it is. */
export interface State {
  readonly tone: 'good' | 'busy' | 'bad' | 'quiet';
  readonly word: string;
}
