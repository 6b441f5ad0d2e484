/** On everything that a local cloud has made in an engine; its value is the cloud's id. */
export const cloudLabel = 'fairlead-local-cloud';
